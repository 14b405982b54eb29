// 3x3 convolutions with stride 1 that keep the size of the image (zeros around it), by tiles of 4x4 outputs.
#pragma once

#include <cstdint>

#include "winograd-kernels.hpp"

namespace activation_search {

/// Images are [batch, height, width, channels], filters [3, 3, inputs, outputs].
struct ConvolutionShape {
  std::int64_t batch, height, width;
  std::int64_t inputs, outputs;
};

/// y[n, i, j, k] = sum over p, q, c of x[n, i + p - 1, j + q - 1, c] * filter[p, q, c, k].
void convolve(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x, const float* filter, float* y);

/// The gradient by x of the same convolution: dy has `outputs` channels, dx `inputs`.
void convolution_input_gradient(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* dy,
                                const float* filter, float* dx);

/// The gradient by the filter. The order of its sums depends on nothing but the shape and the instruction
/// set.
void convolution_filter_gradient(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x,
                                 const float* dy, float* d_filter);

}  // namespace activation_search
