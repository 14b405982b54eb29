// Compiled once for each instruction set, with -DINSTRUCTION_SET=name and its -m flags. Nothing here may be
// an inline function that other files share (no standard library): the linker would keep any one of its
// versions for all.
#include "tile-kernels.hpp"

#include "math/error-function.hpp"
#include "math/hyperbolic.hpp"
#include "math/trigonometry.hpp"

extern "C" {
float powf(float, float);
double sin(double);
double cos(double);
}

// No iteration reads what another wrote: d is one of the operands or apart from them.
#ifdef __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif
#define QUOTE(name) #name
#define NAME_OF(name) QUOTE(name)

namespace INSTRUCTION_SET {

using activation_search::AdamRule;
using activation_search::SgdRule;
using activation_search::TileKernels;
using activation_search::TileLoop;
using std::int64_t;

/// For arguments so large that the vector functions cannot reduce them: the C library's functions take over.
namespace far {
inline float sin(float x) { return static_cast<float>(::sin(static_cast<double>(x))); }
inline float cos(float x) { return static_cast<float>(::cos(static_cast<double>(x))); }
inline float sinc(float x) { return static_cast<float>(::sin(static_cast<double>(x)) / x); }
inline float dsinc(float x) {
  const double r = x;
  return static_cast<float>((::cos(r) - ::sin(r) / r) / r);
}
}  // namespace far

/// 0 below 0, 1/2 at 0, 1 above; NaN of NaN.
inline float step(float x) { return x > 0.0f ? 1.0f : (x < 0.0f ? 0.0f : x + 0.5f); }

/// The C library's, element by element. Where the processor takes denormals as 0, as under TensorFlow, it
/// would go wrong.
inline float power(float a, float b) { return powf(absolute(a) < 1.17549435e-38f ? 0.0f : a, b); }

/// NaN counts as within the limit: all functions pass it on.
static bool any_beyond(float limit, const float* a, int64_t n) {
  int beyond = 0;
  for (int64_t i = 0; i < n; i++) beyond |= absolute(a[i]) > limit;
  return beyond != 0;
}

#define TILE_LOOP(name)                                                                                   \
  static void tile_##name([[maybe_unused]] float* d, [[maybe_unused]] const float* pa,                    \
                          [[maybe_unused]] const float* pb, [[maybe_unused]] const float* pc,             \
                          [[maybe_unused]] float k, int64_t n)
#define EACH(name, loads, assignment)             \
  TILE_LOOP(name) {                               \
    INDEPENDENT for (int64_t i = 0; i < n; i++) { \
      loads d[i] assignment;                      \
    }                                             \
  }
#define LOAD_A const float a = pa[i];
#define LOAD_AB LOAD_A const float b = pb[i];
#define LOAD_ABC LOAD_AB const float c = pc[i];

#define LOOP_K(name, value) EACH(name, , = value)
#define LOOP_A(name, value) EACH(name, LOAD_A, = value)
#define LOOP_AK(name, value) EACH(name, LOAD_A, = value)
#define LOOP_AB(name, value) EACH(name, LOAD_AB, = value)
#define LOOP_ABK(name, value) EACH(name, LOAD_AB, = value)
#define LOOP_ABC(name, value) EACH(name, LOAD_ABC, = value)
#define LOOP_SUM(name, value) EACH(name, LOAD_A, += value)
#define LOOP_DOT(name, value) EACH(name, LOAD_AB, += value)
#define NEAR_OR_WIDE(function, a) (absolute(a) > kTrigonometricLimit ? wide::function(a) : function(a))
// An element's result does not depend on its neighbors in the tile; only the speed does.
#define LOOP_PERIODIC(name, function)                                                                    \
  EACH(near_##name, , = function(pa[i]))                                                                 \
  EACH(wide_##name, LOAD_A, = NEAR_OR_WIDE(function, a))                                                 \
  TILE_LOOP(name) {                                                                                      \
    if (!any_beyond(kTrigonometricLimit, pa, n)) return tile_near_##name(d, pa, pb, pc, k, n);           \
    if (!any_beyond(kWideLimit, pa, n)) return tile_wide_##name(d, pa, pb, pc, k, n);                    \
    for (int64_t i = 0; i < n; i++)                                                                      \
      d[i] = absolute(pa[i]) > kWideLimit ? far::function(pa[i]) : NEAR_OR_WIDE(function, pa[i]);        \
  }

#define INSTRUCTION(name, operands, value) LOOP_##operands(name, value)
#include "instructions.def"
#undef INSTRUCTION

static const TileLoop kLoops[] = {
#define INSTRUCTION(name, operands, value) tile_##name,
#include "instructions.def"
#undef INSTRUCTION
};

static void moments(float* sum, float* square, const float* x, const float* shift, int64_t n) {
  INDEPENDENT for (int64_t i = 0; i < n; i++) {
    const float centered = x[i] - shift[i];
    sum[i] += centered;
    square[i] += centered * centered;
  }
}

static void normalized_gradient(float* dx, const float* dz, const float* x, const float* mean, const float* scale,
                                const float* slope, const float* offset, int64_t n) {
  INDEPENDENT for (int64_t i = 0; i < n; i++) dx[i] = scale[i] * dz[i] + (slope[i] * (x[i] - mean[i]) + offset[i]);
}

static void sgd(float* weights, const float* gradient, float* velocity, SgdRule rule, int64_t n) {
  // With Nesterov's momentum the step is along momentum*v + g, else along v.
  const float along_velocity = rule.nesterov ? rule.momentum : 1.0f;
  const float along_gradient = rule.nesterov ? 1.0f : 0.0f;
  INDEPENDENT for (int64_t i = 0; i < n; i++) {
    const float g = gradient[i] + rule.l2 * weights[i];
    const float v = rule.momentum * velocity[i] + g;
    velocity[i] = v;
    weights[i] = weights[i] * rule.shrink - rule.learning_rate * (along_velocity * v + along_gradient * g);
  }
}

static void adam(float* weights, const float* gradient, float* first, float* second, AdamRule rule, int64_t n) {
  INDEPENDENT for (int64_t i = 0; i < n; i++) {
    const float g = gradient[i] + rule.l2 * weights[i];
    const float m = first[i] + (g - first[i]) * (1.0f - rule.beta1);
    const float v = second[i] + (g * g - second[i]) * (1.0f - rule.beta2);
    first[i] = m;
    second[i] = v;
    weights[i] = weights[i] * rule.shrink - rule.learning_rate * m / (__builtin_sqrtf(v) + rule.epsilon);
  }
}

extern const activation_search::WinogradKernels kWinograd;
extern const TileKernels kKernels;
const TileKernels kKernels = {NAME_OF(INSTRUCTION_SET), kLoops, moments, normalized_gradient, sgd, adam, &kWinograd};

}  // namespace INSTRUCTION_SET
