// What each operation does with a call: it checks the operands and runs the arithmetic on them.
#pragma once

#include "kernel-call.hpp"

namespace activation_search {

/// Of the normalized operations.
struct NormalizationAttributes {
  float epsilon;
  float rate;
};

/// Of the convolutions.
struct ConvolutionAttributes {
  std::int64_t stride;
};

/// (program, inputs..., parameters...) -> (outputs..., sums...).
void compute_program(KernelCall& call, void* attributes);

/// (program, x, gamma, beta, running mean, running variance, further inputs..., parameters...) -> (y, mean,
/// deviation). The running statistics are updated where they are: a network owns them, and nothing else may
/// read them meanwhile.
void compute_normalized(KernelCall& call, void* attributes);

/// (program, x, dy, gamma, beta, mean, deviation, further inputs..., parameters...) -> (dx, d gamma, d beta,
/// dz if there is one result more than the rest, sums...). Gradients reuse memory that is still in the
/// caches: dz overwrites dy, and dx overwrites dz, or x where dz is a result too. Nothing else may read those
/// inputs afterwards.
void compute_normalized_gradient(KernelCall& call, void* attributes);

/// Settings: learning rate, decoupled decay, momentum, Nesterov. Parameters and state are updated where they
/// are: a network owns them, and TensorFlow runs its operations one after the other.
void compute_sgd(KernelCall& call, void* attributes);

/// Settings: learning rate, decoupled decay, beta1, beta2, epsilon, number of the step from 1.
void compute_adam(KernelCall& call, void* attributes);

/// (x, filter) -> y.
void compute_convolution(KernelCall& call, void* attributes);

/// (x, filter, dy) -> dx.
void compute_convolution_input_gradient(KernelCall& call, void* attributes);

/// (x, filter, dy) -> d filter.
void compute_convolution_filter_gradient(KernelCall& call, void* attributes);

}  // namespace activation_search
