// The arithmetic of 3x3 convolutions by Winograd's minimal filtering, compiled once for each instruction set.
// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), F(4x4, 3x3): a tile of 4x4
// outputs takes 36 products a pair of channels where the definition takes 144. All three passes interpolate
// at 0, 1, -1, 2, -2 and infinity.
#pragma once

#include <cstdint>

namespace activation_search {

/// Side of a tile of outputs, and of the inputs that it sees.
constexpr int kOutputSide = 4;
constexpr int kInputSide = 6;
/// A transformed tile has one value in each plane.
constexpr int kPlanes = kInputSide * kInputSide;
constexpr int kFilterSide = 3;
constexpr int kFilterSize = kFilterSide * kFilterSide;

/// Where the values of a tile are: floats from a row, and from a column, to the next.
struct TileStrides {
  std::int64_t row;
  std::int64_t column;
};

/// out[rows, columns] = a[rows, inner] * b[inner, columns], or added to what is there. Columns of `out` and
/// `b` are neighbors.
struct MatrixProduct {
  float* out;
  std::int64_t out_row;
  const float* a;
  TileStrides a_strides;
  const float* b;
  std::int64_t b_row;
  std::int64_t rows, inner, columns;
  bool add;
};

/// Channels are neighbors everywhere; their number, and that of columns, is a multiple of `lanes`. `plane` is
/// the distance from one plane to the next.
struct WinogradKernels {
  int lanes;
  /// B' d B of a tile of inputs.
  void (*input_planes)(const float* tile, TileStrides strides, float* planes, std::int64_t plane, std::int64_t channels);
  /// G g G' with the 6x4 G of F(3x3, 4x4): a tile of the gradient by outputs takes the place of the filter.
  void (*gradient_planes)(const float* tile, TileStrides strides, float* planes, std::int64_t plane, std::int64_t channels);
  /// A' m A: a tile of outputs.
  void (*output_tile)(const float* planes, std::int64_t plane, float* tile, TileStrides strides, std::int64_t channels);
  /// G g G' with the 6x3 G, for `count` filters whose nine values lie `count` apart.
  void (*filter_planes)(const float* filters, float* planes, std::int64_t plane, std::int64_t count);
  /// A' m A with the 3x6 A' of F(3x3, 4x4): the gradient by `count` filters.
  void (*filter_gradient)(const float* planes, std::int64_t plane, float* filters, std::int64_t count);
  void (*multiply)(const MatrixProduct& product);
};

}  // namespace activation_search
