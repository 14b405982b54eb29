// Convolutions of images with square filters, padded with zeros as TensorFlow's SAME does.
#pragma once

#include <cstdint>

#include "winograd-kernels.hpp"

namespace activation_search {

inline std::int64_t round_up(std::int64_t n, std::int64_t step) { return (n + step - 1) / step * step; }

/// Rows or columns of the outputs, of `size` of the images.
inline std::int64_t output_side(std::int64_t size, std::int64_t stride) { return (size + stride - 1) / stride; }

/// Images are [batch, height, width, channels], filters [kernel, kernel, inputs, outputs].
struct ConvolutionShape {
  std::int64_t batch, height, width;
  std::int64_t inputs, outputs;
  std::int64_t kernel, stride;

  std::int64_t output_height() const { return output_side(height, stride); }
  std::int64_t output_width() const { return output_side(width, stride); }
  /// Values of one image.
  std::int64_t input_size() const { return height * width * inputs; }
  std::int64_t output_size() const { return output_height() * output_width() * outputs; }
};

/// The order of all sums depends on nothing but the shape and the instruction set.
struct ConvolutionPasses {
  /// y[n, i, j, k] = sum over p, q, c of x[n, s*i + p - before, s*j + q - before, c] * filter[p, q, c, k],
  /// where s is the stride and `before` the smaller half of the zeros that a dimension is padded with.
  void (*forward)(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x, const float* filter, float* y);
  /// The gradient by x, from that by y.
  void (*input_gradient)(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* dy, const float* filter,
                         float* dx);
  void (*filter_gradient)(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x, const float* dy,
                          float* d_filter);
};

/// By tiles of 4x4 outputs: for 3x3 filters with stride 1.
extern const ConvolutionPasses kWinogradConvolution;
/// By the definition: for any odd kernel and stride.
extern const ConvolutionPasses kDirectConvolution;

/// The faster way for a shape.
const ConvolutionPasses& passes_for(const ConvolutionShape& shape);

}  // namespace activation_search
