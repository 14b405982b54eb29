// Convolutions by their definition, as matrix products over the same place of many images. Nothing is
// multiplied with the zeros around an image, which for small images are a large part.
#include "convolution.hpp"

#include <algorithm>
#include <cstring>

#include "tile-kernels.hpp"
#include "tiling.hpp"

namespace activation_search {

namespace {

/// Images are taken so many at a time that their inputs have about this many values, which fit the
/// second-level cache.
constexpr std::int64_t kValuesAtATime = 1 << 15;
constexpr std::int64_t kFewestImages = 16, kMostImages = 128;
/// A filter gradient is summed in float32 over this many products before it is added to the total: that
/// bounds its rounding error.
constexpr std::int64_t kProductsPerSum = 1024;

std::int64_t images_at_a_time(const ConvolutionShape& shape) {
  const std::int64_t fitting = kValuesAtATime / std::max<std::int64_t>(1, shape.input_size());
  return std::min(shape.batch, std::clamp(fitting, kFewestImages, kMostImages));
}

/// Some images with equal rows beside each other: [row, image, column, channel], the channels padded.
class ImageRows {
 public:
  ImageRows(AlignedFloats& memory, std::int64_t images, std::int64_t height, std::int64_t width, std::int64_t channels,
            std::int64_t padded)
      : images_(images),
        height_(height),
        width_(width),
        channels_(channels),
        padded_(padded),
        // One cache line more than the values: powers of two would map all images to one cache set.
        stride_(width * padded + kLanes),
        values_(memory.ensure(std::max<std::int64_t>(1, images * height * stride_))) {
    clear();
  }

  /// From an image to the next.
  std::int64_t stride() const { return stride_; }
  /// The place in the first image.
  float* at(std::int64_t row, std::int64_t column) const { return values_ + row * images_ * stride_ + column * padded_; }
  void clear() { std::memset(values_, 0, images_ * height_ * stride_ * sizeof(float)); }

  void load(const float* images, std::int64_t count) {
    each_piece(count, [&](float* own, std::int64_t offset, std::size_t bytes) { std::memcpy(own, images + offset, bytes); });
  }
  void store(float* images, std::int64_t count) const {
    each_piece(count, [&](float* own, std::int64_t offset, std::size_t bytes) { std::memcpy(images + offset, own, bytes); });
  }

 private:
  /// Pieces that are in one here and in the images: whole rows, or pixels where the channels are padded.
  template <typename Body>
  void each_piece(std::int64_t count, Body body) const {
    const bool whole = channels_ == padded_;
    const std::int64_t pieces = whole ? 1 : width_, piece = whole ? width_ * channels_ : channels_;
    for (std::int64_t image = 0; image < count; image++)
      for (std::int64_t row = 0; row < height_; row++)
        for (std::int64_t p = 0; p < pieces; p++)
          body(at(row, p) + image * stride_, ((image * height_ + row) * pieces + p) * piece, piece * sizeof(float));
  }

  std::int64_t images_, height_, width_, channels_, padded_, stride_;
  float* values_;
};

/// A filter's rows and columns over one dimension of an image.
struct Axis {
  std::int64_t size, kernel, stride, outputs, before;

  Axis(std::int64_t size, const ConvolutionShape& shape)
      : size(size),
        kernel(shape.kernel),
        stride(shape.stride),
        outputs(output_side(size, stride)),
        before(std::max<std::int64_t>(0, (outputs - 1) * stride + kernel - size) / 2) {}

  /// Where the filter begins in the image for an output; negative where it begins before it.
  std::int64_t start(std::int64_t output) const { return output * stride - before; }
  /// The filter's places that lie in the image.
  std::int64_t first(std::int64_t output) const { return std::max<std::int64_t>(0, -start(output)); }
  std::int64_t end(std::int64_t output) const { return std::min(kernel, size - start(output)); }
};

/// A row of a filter over one output: `taps` of its places from `tap` on meet as many pixels of the input.
struct FilterRow {
  std::int64_t row, column;
  std::int64_t input_row, input_column;
  std::int64_t tap, taps;
  /// Whether it is the first row over its output.
  bool begins;
};

template <typename Body>
void each_filter_row(const ConvolutionShape& shape, Body body) {
  const Axis down(shape.height, shape), across(shape.width, shape);
  for (std::int64_t i = 0; i < down.outputs; i++)
    for (std::int64_t j = 0; j < across.outputs; j++)
      for (std::int64_t p = down.first(i); p < down.end(i); p++) {
        const std::int64_t q = across.first(j);
        body(FilterRow{i, j, down.start(i) + p, across.start(j) + q, p * shape.kernel + q, across.end(j) - q, p == down.first(i)});
      }
}

ImageRows input_rows(AlignedFloats& memory, const ConvolutionShape& shape, std::int64_t images, std::int64_t padded) {
  return {memory, images, shape.height, shape.width, shape.inputs, padded};
}

ImageRows output_rows(AlignedFloats& memory, const ConvolutionShape& shape, std::int64_t images, std::int64_t padded) {
  return {memory, images, shape.output_height(), shape.output_width(), shape.outputs, padded};
}

/// With stride 1 every pixel is an image of its own to a filter of one pixel.
ConvolutionShape apart(const ConvolutionShape& shape) {
  if (shape.kernel != 1 || shape.stride != 1) return shape;
  return {shape.batch * shape.height * shape.width, 1, 1, shape.inputs, shape.outputs, 1, 1};
}

void forward(const WinogradKernels& kernels, const ConvolutionShape& given, const float* x, const float* filter, float* y) {
  const ConvolutionShape shape = apart(given);
  static thread_local AlignedFloats x_memory, y_memory, memory;
  const std::int64_t images = images_at_a_time(shape), outputs = round_up(shape.outputs, kernels.lanes);
  const std::int64_t rows = shape.kernel * shape.kernel * shape.inputs;
  float* table = memory.ensure(rows * outputs);
  std::memset(table, 0, rows * outputs * sizeof(float));
  for (std::int64_t row = 0; row < rows; row++)
    std::memcpy(table + row * outputs, filter + row * shape.outputs, shape.outputs * sizeof(float));
  ImageRows from = input_rows(x_memory, shape, images, shape.inputs), to = output_rows(y_memory, shape, images, outputs);
  for (std::int64_t first = 0; first < shape.batch; first += images) {
    const std::int64_t count = std::min(images, shape.batch - first);
    from.load(x + first * shape.input_size(), count);
    each_filter_row(shape, [&](const FilterRow& f) {
      kernels.multiply({to.at(f.row, f.column), to.stride(), from.at(f.input_row, f.input_column), {from.stride(), 1},
                        table + f.tap * shape.inputs * outputs, outputs, count, f.taps * shape.inputs, outputs, !f.begins});
    });
    to.store(y + first * shape.output_size(), count);
  }
}

void input_gradient(const WinogradKernels& kernels, const ConvolutionShape& given, const float* dy, const float* filter,
                    float* dx) {
  const ConvolutionShape shape = apart(given);
  static thread_local AlignedFloats x_memory, y_memory, memory;
  const std::int64_t images = images_at_a_time(shape), inputs = round_up(shape.inputs, kernels.lanes);
  const std::int64_t places = shape.kernel * shape.kernel, columns = places * inputs;
  // [outputs, places, inputs], so that the gradients of neighboring pixels are neighbors.
  float* table = memory.ensure(shape.outputs * columns);
  std::memset(table, 0, shape.outputs * columns * sizeof(float));
  for (std::int64_t place = 0; place < places; place++)
    for (std::int64_t c = 0; c < shape.inputs; c++, filter += shape.outputs)
      for (std::int64_t k = 0; k < shape.outputs; k++) table[k * columns + place * inputs + c] = filter[k];
  ImageRows from = output_rows(y_memory, shape, images, shape.outputs), to = input_rows(x_memory, shape, images, inputs);
  for (std::int64_t first = 0; first < shape.batch; first += images) {
    const std::int64_t count = std::min(images, shape.batch - first);
    from.load(dy + first * shape.output_size(), count);
    to.clear();
    each_filter_row(shape, [&](const FilterRow& f) {
      kernels.multiply({to.at(f.input_row, f.input_column), to.stride(), from.at(f.row, f.column), {from.stride(), 1},
                        table + f.tap * inputs, columns, count, shape.outputs, f.taps * inputs, true});
    });
    to.store(dx + first * shape.input_size(), count);
  }
}

void filter_gradient(const WinogradKernels& kernels, const ConvolutionShape& given, const float* x, const float* dy,
                     float* d_filter) {
  const ConvolutionShape shape = apart(given);
  static thread_local AlignedFloats x_memory, y_memory, memory;
  const std::int64_t images = images_at_a_time(shape), outputs = round_up(shape.outputs, kernels.lanes);
  const std::int64_t rows = shape.kernel * shape.kernel * shape.inputs, size = rows * outputs;
  float* sums = memory.ensure(2 * size);
  float* totals = sums + size;
  std::memset(sums, 0, 2 * size * sizeof(float));
  std::int64_t products = 0;
  const auto flush = [&](std::int64_t next) {
    for (std::int64_t i = 0; i < size; i++) totals[i] += sums[i];
    std::memset(sums, 0, size * sizeof(float));
    products = next;
  };
  ImageRows from = input_rows(x_memory, shape, images, shape.inputs), gradients = output_rows(y_memory, shape, images, outputs);
  for (std::int64_t first = 0; first < shape.batch; first += images) {
    const std::int64_t count = std::min(images, shape.batch - first);
    from.load(x + first * shape.input_size(), count);
    gradients.load(dy + first * shape.output_size(), count);
    each_filter_row(shape, [&](const FilterRow& f) {
      if (f.begins && (products += count) > kProductsPerSum) flush(count);
      kernels.multiply({sums + f.tap * shape.inputs * outputs, outputs, from.at(f.input_row, f.input_column), {1, from.stride()},
                        gradients.at(f.row, f.column), gradients.stride(), f.taps * shape.inputs, count, outputs, true});
    });
  }
  flush(0);
  for (std::int64_t row = 0; row < rows; row++)
    std::memcpy(d_filter + row * shape.outputs, totals + row * outputs, shape.outputs * sizeof(float));
}

}  // namespace

const ConvolutionPasses kDirectConvolution = {forward, input_gradient, filter_gradient};

}  // namespace activation_search
