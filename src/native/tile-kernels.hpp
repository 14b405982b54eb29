// The loops that do the arithmetic, compiled once for each instruction set.
#pragma once

#include <cstdint>

#include "winograd-kernels.hpp"

namespace activation_search {

/// Elements are processed in whole groups of this many: the floats of the widest vector register.
constexpr int kLanes = 16;

/// One instruction over n elements: d from a, b, c and the literal k. d may be one of a, b, c, not overlap
/// otherwise. Sums add to d.
using TileLoop = void (*)(float* d, const float* a, const float* b, const float* c, float k, std::int64_t n);

struct SgdRule {
  float learning_rate, momentum, l2, shrink;
  bool nesterov;
};

struct AdamRule {
  /// The rate and epsilon hold the correction of the moments' bias already.
  float learning_rate, beta1, beta2, epsilon, l2, shrink;
};

struct TileKernels {
  const char* name;
  /// By instruction code.
  const TileLoop* loops;
  /// sum += x - shift; square += (x - shift)^2.
  void (*moments)(float* sum, float* square, const float* x, const float* shift, std::int64_t n);
  /// dx = scale*dz + (slope*(x - mean) + offset), the gradient of batch normalization; dx may be dz or x.
  void (*normalized_gradient)(float* dx, const float* dz, const float* x, const float* mean, const float* scale,
                              const float* slope, const float* offset, std::int64_t n);
  /// One step of gradient descent with momentum, of Adam; see optimizers.hpp.
  void (*sgd)(float* weights, const float* gradient, float* velocity, SgdRule rule, std::int64_t n);
  void (*adam)(float* weights, const float* gradient, float* first, float* second, AdamRule rule, std::int64_t n);
  const WinogradKernels* winograd;
};

}  // namespace activation_search
