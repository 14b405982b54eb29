// Convolutions of 3x3 filters with stride 1, by tiles of 4x4 outputs.
#include "convolution.hpp"

#include <algorithm>
#include <cstring>

#include "tile-kernels.hpp"
#include "tiling.hpp"

namespace activation_search {

namespace {

/// Tiles that are transformed together: enough to read the filter's planes seldom, few enough for the tiles'
/// own planes to stay in the second-level cache.
constexpr std::int64_t kTilesAtATime = 64;
/// A filter gradient is summed in float32 over this many groups of tiles before it is added to the total:
/// that bounds its rounding error.
constexpr std::int64_t kGroupsPerSum = 16;

/// Planes of [rows, columns] are padded by one cache line: strides of powers of two would map all of them to
/// the same cache set.
std::int64_t plane_stride(std::int64_t rows, std::int64_t columns) { return rows * columns + kLanes; }

/// The images' tiles, numbered through the batch.
struct TileGrid {
  std::int64_t height, width;
  std::int64_t down, across;
  std::int64_t count;

  explicit TileGrid(const ConvolutionShape& shape)
      : height(shape.height),
        width(shape.width),
        down(round_up(shape.height, kOutputSide) / kOutputSide),
        across(round_up(shape.width, kOutputSide) / kOutputSide),
        count(shape.batch * down * across) {}

  std::int64_t image(std::int64_t tile) const { return tile / (down * across); }
  /// First row and column of a tile's outputs.
  std::int64_t row(std::int64_t tile) const { return tile / across % down * kOutputSide; }
  std::int64_t column(std::int64_t tile) const { return tile % across * kOutputSide; }
};

/// One image at a time, with zeros around it and behind its channels, so that every tile is whole.
class PaddedImages {
 public:
  PaddedImages(const TileGrid& grid, const float* images, std::int64_t channels, std::int64_t padded, std::int64_t border,
               AlignedFloats& memory)
      : grid_(grid),
        images_(images),
        channels_(channels),
        padded_(padded),
        border_(border),
        columns_(grid.across * kOutputSide + 2 * border) {
    const std::int64_t size = (grid.down * kOutputSide + 2 * border) * columns_ * padded;
    frame_ = memory.ensure(size);
    std::memset(frame_, 0, size * sizeof(float));
  }

  TileStrides strides() const { return {columns_ * padded_, padded_}; }

  /// The tile's first value. Tiles must be asked for in their order.
  const float* tile(std::int64_t tile) {
    if (grid_.image(tile) != image_) fill(image_ = grid_.image(tile));
    return frame_ + (grid_.row(tile) * columns_ + grid_.column(tile)) * padded_;
  }

 private:
  void fill(std::int64_t image) {
    const float* from = images_ + image * grid_.height * grid_.width * channels_;
    for (std::int64_t row = 0; row < grid_.height; row++) {
      float* to = frame_ + ((row + border_) * columns_ + border_) * padded_;
      const std::int64_t pieces = channels_ == padded_ ? 1 : grid_.width;
      const std::int64_t piece = grid_.width * channels_ / pieces;
      for (std::int64_t p = 0; p < pieces; p++, from += piece) std::memcpy(to + p * padded_, from, piece * sizeof(float));
    }
  }

  const TileGrid& grid_;
  const float* images_;
  std::int64_t channels_, padded_, border_, columns_;
  float* frame_;
  std::int64_t image_ = -1;
};

/// Writes tiles of outputs to images, and leaves out what lies outside the image.
class OutputImages {
 public:
  OutputImages(const WinogradKernels& kernels, const TileGrid& grid, float* images, std::int64_t channels, std::int64_t padded,
               AlignedFloats& memory)
      : kernels_(kernels), grid_(grid), images_(images), channels_(channels), padded_(padded) {
    apart_ = memory.ensure(kOutputSide * kOutputSide * padded);
  }

  void write(std::int64_t tile, const float* planes, std::int64_t plane) {
    const std::int64_t row = grid_.row(tile), column = grid_.column(tile);
    const std::int64_t rows = std::min<std::int64_t>(kOutputSide, grid_.height - row);
    const std::int64_t columns = std::min<std::int64_t>(kOutputSide, grid_.width - column);
    float* to = images_ + ((grid_.image(tile) * grid_.height + row) * grid_.width + column) * channels_;
    const std::int64_t to_row = grid_.width * channels_;
    if (rows == kOutputSide && columns == kOutputSide && channels_ == padded_) {
      kernels_.output_tile(planes, plane, to, {to_row, channels_}, channels_);
      return;
    }
    kernels_.output_tile(planes, plane, apart_, {kOutputSide * padded_, padded_}, padded_);
    for (std::int64_t i = 0; i < rows; i++)
      for (std::int64_t j = 0; j < columns; j++)
        std::memcpy(to + i * to_row + j * channels_, apart_ + (i * kOutputSide + j) * padded_, channels_ * sizeof(float));
  }

 private:
  const WinogradKernels& kernels_;
  const TileGrid& grid_;
  float* images_;
  std::int64_t channels_, padded_;
  float* apart_;
};

/// A filter as nine tables [from, to], the columns padded with zeros: as it is, or turned round for the
/// gradient by the input.
void arrange_filter(const ConvolutionShape& shape, const float* filter, bool turned, std::int64_t padded, float* tables) {
  const std::int64_t from = turned ? shape.outputs : shape.inputs, to = turned ? shape.inputs : shape.outputs;
  std::memset(tables, 0, kFilterSize * from * padded * sizeof(float));
  for (int place = 0; place < kFilterSize; place++) {
    const float* given = filter + (turned ? kFilterSize - 1 - place : place) * from * to;
    float* table = tables + place * from * padded;
    for (std::int64_t row = 0; row < from; row++)
      for (std::int64_t column = 0; column < to; column++)
        table[row * padded + column] = turned ? given[column * from + row] : given[row * to + column];
  }
}

/// y = x * filter; with the filter `turned` it is the gradient by the input, and x has the outputs' channels.
void convolve_with(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x, const float* filter,
                   bool turned, float* y) {
  static thread_local AlignedFloats frame_memory, tile_memory, table_memory, memory;
  const TileGrid grid(shape);
  const std::int64_t from = turned ? shape.outputs : shape.inputs, to = turned ? shape.inputs : shape.outputs;
  const std::int64_t from_padded = round_up(from, kernels.lanes), to_padded = round_up(to, kernels.lanes);
  const std::int64_t filter_plane = plane_stride(from, to_padded);
  const std::int64_t in_plane = plane_stride(kTilesAtATime, from_padded), out_plane = plane_stride(kTilesAtATime, to_padded);
  float* filter_planes = memory.ensure(kPlanes * (filter_plane + in_plane + out_plane));
  float* in_planes = filter_planes + kPlanes * filter_plane;
  float* out_planes = in_planes + kPlanes * in_plane;

  float* tables = table_memory.ensure(kFilterSize * from * to_padded);
  arrange_filter(shape, filter, turned, to_padded, tables);
  kernels.filter_planes(tables, filter_planes, filter_plane, from * to_padded);
  PaddedImages images(grid, x, from, from_padded, 1, frame_memory);
  OutputImages outputs(kernels, grid, y, to, to_padded, tile_memory);
  for (std::int64_t first = 0; first < grid.count; first += kTilesAtATime) {
    const std::int64_t count = std::min(kTilesAtATime, grid.count - first);
    for (std::int64_t t = 0; t < count; t++)
      kernels.input_planes(images.tile(first + t), images.strides(), in_planes + t * from_padded, in_plane, from_padded);
    for (int p = 0; p < kPlanes; p++)
      kernels.multiply({out_planes + p * out_plane, to_padded, in_planes + p * in_plane, {from_padded, 1},
                        filter_planes + p * filter_plane, to_padded, count, from, to_padded, false});
    for (std::int64_t t = 0; t < count; t++) outputs.write(first + t, out_planes + t * to_padded, out_plane);
  }
}

void forward(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x, const float* filter, float* y) {
  convolve_with(kernels, shape, x, filter, false, y);
}

void input_gradient(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* dy, const float* filter,
                    float* dx) {
  convolve_with(kernels, shape, dy, filter, true, dx);
}

void filter_gradient(const WinogradKernels& kernels, const ConvolutionShape& shape, const float* x, const float* dy,
                     float* d_filter) {
  static thread_local AlignedFloats x_memory, dy_memory, table_memory, memory;
  const TileGrid grid(shape);
  const std::int64_t inputs = round_up(shape.inputs, kernels.lanes), outputs = round_up(shape.outputs, kernels.lanes);
  const std::int64_t sum_plane = plane_stride(shape.inputs, outputs), sum_size = kPlanes * sum_plane;
  const std::int64_t x_plane = plane_stride(kTilesAtATime, inputs), dy_plane = plane_stride(kTilesAtATime, outputs);
  float* sums = memory.ensure(2 * sum_size + kPlanes * (x_plane + dy_plane));
  float* totals = sums + sum_size;
  float* x_planes = totals + sum_size;
  float* dy_planes = x_planes + kPlanes * x_plane;
  std::memset(sums, 0, 2 * sum_size * sizeof(float));

  PaddedImages images(grid, x, shape.inputs, inputs, 1, x_memory);
  PaddedImages gradients(grid, dy, shape.outputs, outputs, 0, dy_memory);
  std::int64_t groups = 0;
  for (std::int64_t first = 0; first < grid.count; first += kTilesAtATime) {
    const std::int64_t count = std::min(kTilesAtATime, grid.count - first);
    for (std::int64_t t = 0; t < count; t++) {
      kernels.input_planes(images.tile(first + t), images.strides(), x_planes + t * inputs, x_plane, inputs);
      kernels.gradient_planes(gradients.tile(first + t), gradients.strides(), dy_planes + t * outputs, dy_plane, outputs);
    }
    for (int p = 0; p < kPlanes; p++)
      kernels.multiply({sums + p * sum_plane, outputs, x_planes + p * x_plane, {1, inputs}, dy_planes + p * dy_plane, outputs,
                        shape.inputs, count, outputs, groups > 0});
    const bool last = first + kTilesAtATime >= grid.count;
    if (++groups < kGroupsPerSum && !last) continue;
    for (std::int64_t i = 0; i < sum_size; i++) totals[i] += sums[i];
    groups = 0;
  }
  float* tables = table_memory.ensure(kFilterSize * shape.inputs * outputs);
  kernels.filter_gradient(totals, sum_plane, tables, shape.inputs * outputs);
  for (std::int64_t row = 0; row < kFilterSize * shape.inputs; row++)
    std::memcpy(d_filter + row * shape.outputs, tables + row * outputs, shape.outputs * sizeof(float));
}

}  // namespace

const ConvolutionPasses kWinogradConvolution = {forward, input_gradient, filter_gradient};

}  // namespace activation_search
