#include "convolution.hpp"

#include <algorithm>

namespace activation_search {

namespace {

/// With fewer channels than this the transforms of tiles cost more than the products that they save.
constexpr std::int64_t kFewestTileChannels = 16;
/// Images of this side fill a quarter of a tile: the definition takes a third of the time.
constexpr std::int64_t kTinySide = 2;
/// With fewer channels tiny images stay with tiles: the bits of stored studies are worth more than the time.
constexpr std::int64_t kFewestTinyChannels = 32;

}  // namespace

const ConvolutionPasses& passes_for(const ConvolutionShape& shape) {
  const std::int64_t channels = std::min(shape.inputs, shape.outputs);
  const bool tiny = std::max(shape.height, shape.width) <= kTinySide && channels >= kFewestTinyChannels;
  const bool tiles = shape.kernel == kFilterSide && shape.stride == 1 && channels >= kFewestTileChannels && !tiny;
  return tiles ? kWinogradConvolution : kDirectConvolution;
}

}  // namespace activation_search
