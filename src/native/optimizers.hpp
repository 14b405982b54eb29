// One step of an optimizer for all parameters of a network.
#pragma once

#include <cstdint>
#include <vector>

#include "tile-kernels.hpp"

namespace activation_search {

struct ParameterSlice {
  float* weights;
  const float* gradient;
  std::int64_t size;
  /// Weight decay of this parameter.
  float decay;
};

struct StepRule {
  float learning_rate;
  /// Decay shrinks the weights by learning_rate * decay (Loshchilov and Hutter, 2019); else it is added to
  /// the gradient.
  bool decoupled;
};

/// v = momentum * v + g; the weights move against v, with Nesterov's momentum against momentum * v + g.
/// `velocity` holds those of all parameters, one behind the other.
void sgd_step(const TileKernels& kernels, const std::vector<ParameterSlice>& parameters, float* velocity, StepRule rule,
              float momentum, bool nesterov);

/// Adam (Kingma and Ba, 2015), step counted from 1. `moments` holds the first moments of all parameters, then
/// the second.
void adam_step(const TileKernels& kernels, const std::vector<ParameterSlice>& parameters, float* moments, StepRule rule,
               float beta1, float beta2, float epsilon, double step);

}  // namespace activation_search
