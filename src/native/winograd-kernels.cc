// Compiled once for each instruction set, as tile-kernels.cc is, under the same rule: no inline function that
// others share.
#include "winograd-kernels.hpp"

namespace INSTRUCTION_SET {

using activation_search::kFilterSide;
using activation_search::kInputSide;
using activation_search::kOutputSide;
using activation_search::MatrixProduct;
using activation_search::TileStrides;
using activation_search::WinogradKernels;
using std::int64_t;

#if defined(__AVX512F__)
constexpr int kLanes = 16;
/// Sums that are kept in registers at a time: enough that no addition waits for the one before.
constexpr int kSums = 16;
constexpr int kMostVectors = 4;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
constexpr int kSums = 8;
constexpr int kMostVectors = 2;
#else
constexpr int kLanes = 4;
constexpr int kSums = 8;
constexpr int kMostVectors = 2;
#endif

/// Values of neighboring channels.
typedef float Vector __attribute__((vector_size(kLanes * sizeof(float)), aligned(sizeof(float)), may_alias));

static inline Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
static inline void store(float* to, Vector value) { *reinterpret_cast<Vector*>(to) = value; }

/// One dimension of each transform: `apply` makes kTo values of kFrom.
struct InputTransform {
  static constexpr int kFrom = kInputSide, kTo = kInputSide;
  static inline void apply(const Vector* d, Vector* out) {
    const Vector even = d[4] - 4.0f * d[2], odd = d[3] - 4.0f * d[1];
    const Vector even2 = d[4] - d[2], odd2 = 2.0f * (d[3] - d[1]);
    out[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
    out[1] = even + odd;
    out[2] = even - odd;
    out[3] = even2 + odd2;
    out[4] = even2 - odd2;
    out[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
  }
};

struct FilterTransform {
  static constexpr int kFrom = kFilterSide, kTo = kInputSide;
  static inline void apply(const Vector* g, Vector* out) {
    const Vector ends = g[0] + g[2], ends2 = (1.0f / 24.0f) * (g[0] + 4.0f * g[2]), middle2 = (1.0f / 12.0f) * g[1];
    out[0] = 0.25f * g[0];
    out[1] = (-1.0f / 6.0f) * (ends + g[1]);
    out[2] = (-1.0f / 6.0f) * (ends - g[1]);
    out[3] = ends2 + middle2;
    out[4] = ends2 - middle2;
    out[5] = g[2];
  }
};

struct GradientTransform {
  static constexpr int kFrom = kOutputSide, kTo = kInputSide;
  static inline void apply(const Vector* g, Vector* out) {
    const Vector even = g[0] + g[2], odd = g[1] + g[3];
    const Vector even2 = (1.0f / 24.0f) * (g[0] + 4.0f * g[2]), odd2 = (1.0f / 12.0f) * (g[1] + 4.0f * g[3]);
    out[0] = 0.25f * g[0];
    out[1] = (-1.0f / 6.0f) * (even + odd);
    out[2] = (-1.0f / 6.0f) * (even - odd);
    out[3] = even2 + odd2;
    out[4] = even2 - odd2;
    out[5] = g[3];
  }
};

struct OutputTransform {
  static constexpr int kFrom = kInputSide, kTo = kOutputSide;
  static inline void apply(const Vector* m, Vector* out) {
    const Vector even = m[1] + m[2], odd = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4];
    out[0] = m[0] + even + even2;
    out[1] = odd + 2.0f * odd2;
    out[2] = even + 4.0f * even2;
    out[3] = odd + 8.0f * odd2 + m[5];
  }
};

struct FilterGradientTransform {
  static constexpr int kFrom = kInputSide, kTo = kFilterSide;
  static inline void apply(const Vector* m, Vector* out) {
    const Vector even = m[1] + m[2], even2 = m[3] + m[4];
    out[0] = m[0] + even + even2;
    out[1] = (m[1] - m[2]) + 2.0f * (m[3] - m[4]);
    out[2] = even + 4.0f * even2 + m[5];
  }
};

/// Along columns, then along rows, for `count` tiles whose values are neighbors.
template <typename Transform>
static inline void transform(const float* from, TileStrides in, float* to, TileStrides out, int64_t count) {
  constexpr int kFrom = Transform::kFrom, kTo = Transform::kTo;
  for (int64_t c = 0; c < count; c += kLanes) {
    Vector half[kTo][kFrom];
    for (int column = 0; column < kFrom; column++) {
      Vector given[kFrom], made[kTo];
      for (int row = 0; row < kFrom; row++) given[row] = load(from + c + row * in.row + column * in.column);
      Transform::apply(given, made);
      for (int row = 0; row < kTo; row++) half[row][column] = made[row];
    }
    for (int row = 0; row < kTo; row++) {
      Vector made[kTo];
      Transform::apply(half[row], made);
      for (int column = 0; column < kTo; column++) store(to + c + row * out.row + column * out.column, made[column]);
    }
  }
}

static void input_planes(const float* tile, TileStrides strides, float* planes, int64_t plane, int64_t channels) {
  transform<InputTransform>(tile, strides, planes, {kInputSide * plane, plane}, channels);
}

static void gradient_planes(const float* tile, TileStrides strides, float* planes, int64_t plane, int64_t channels) {
  transform<GradientTransform>(tile, strides, planes, {kInputSide * plane, plane}, channels);
}

static void output_tile(const float* planes, int64_t plane, float* tile, TileStrides strides, int64_t channels) {
  transform<OutputTransform>(planes, {kInputSide * plane, plane}, tile, strides, channels);
}

static void filter_planes(const float* filters, float* planes, int64_t plane, int64_t count) {
  transform<FilterTransform>(filters, {kFilterSide * count, count}, planes, {kInputSide * plane, plane}, count);
}

static void filter_gradient(const float* planes, int64_t plane, float* filters, int64_t count) {
  transform<FilterGradientTransform>(planes, {kInputSide * plane, plane}, filters, {kFilterSide * count, count}, count);
}

/// Some rows by some vectors of the product, its sums in registers from the first to the last addition.
template <int rows, int vectors>
static inline void multiply_block(const MatrixProduct& p, int64_t row, int64_t column) {
  const float* a = p.a + row * p.a_strides.row;
  const float* b = p.b + column;
  float* out = p.out + row * p.out_row + column;
  Vector sums[rows][vectors];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) sums[r][v] = p.add ? load(out + r * p.out_row + v * kLanes) : Vector{};
  for (int64_t i = 0; i < p.inner; i++) {
    Vector b_row[vectors];
    for (int v = 0; v < vectors; v++) b_row[v] = load(b + i * p.b_row + v * kLanes);
    for (int r = 0; r < rows; r++) {
      const float factor = a[r * p.a_strides.row + i * p.a_strides.column];
      for (int v = 0; v < vectors; v++) sums[r][v] += factor * b_row[v];
    }
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) store(out + r * p.out_row + v * kLanes, sums[r][v]);
}

/// All rows from `row` on, as many at a time as there are, fewer at the end.
template <int rows, int vectors>
static inline void multiply_rows(const MatrixProduct& p, int64_t row, int64_t column) {
  for (; row + rows <= p.rows; row += rows) multiply_block<rows, vectors>(p, row, column);
  if constexpr (rows > 1) multiply_rows<rows / 2, vectors>(p, row, column);
}

/// All columns from `column` on.
template <int vectors>
static inline void multiply_columns(const MatrixProduct& p, int64_t column) {
  for (; column + vectors * kLanes <= p.columns; column += vectors * kLanes)
    multiply_rows<kSums / vectors, vectors>(p, 0, column);
  if constexpr (vectors > 1) multiply_columns<vectors / 2>(p, column);
}

static void multiply(const MatrixProduct& product) { multiply_columns<kMostVectors>(product, 0); }

extern const WinogradKernels kWinograd;
const WinogradKernels kWinograd = {kLanes,        input_planes,    gradient_planes, output_tile,
                                   filter_planes, filter_gradient, multiply};

}  // namespace INSTRUCTION_SET
