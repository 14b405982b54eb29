#include "tiling.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "tile-kernels.hpp"

namespace activation_search {

namespace {

/// What the tiles in use at a time may take of the first-level cache (32 KiB and more on today's processors).
constexpr std::int64_t kCacheFloats = 24 * 1024 / sizeof(float);
/// Below this the fixed cost of an instruction shows, above it nothing is gained.
constexpr std::int64_t kSmallestTile = 128;
constexpr std::int64_t kLargestTile = 512;

}  // namespace

Tiling::Tiling(std::int64_t rows, std::int64_t channels, int tiles_at_a_time) : rows(rows), channels(channels) {
  const std::int64_t fitting = kCacheFloats / std::max(tiles_at_a_time, 1) / kLanes * kLanes;
  const std::int64_t capacity = std::clamp(fitting, kSmallestTile, kLargestTile);
  block = std::min(channels, capacity);
  rows_per_tile = std::max<std::int64_t>(1, std::min(capacity / std::max<std::int64_t>(block, 1), rows));
}

std::int64_t Tiling::tile_size() const { return round_up_to_lanes(block * rows_per_tile); }

Tile::Tile(const Tiling& tiling, std::int64_t first_column, std::int64_t width, std::int64_t index) {
  const std::int64_t first_row = index * tiling.rows_per_tile;
  offset = first_row * tiling.channels + first_column;
  size = std::min(tiling.rows_per_tile, tiling.rows - first_row) * width;
  padded = round_up_to_lanes(size);
  in_place = size == padded || (width == tiling.channels && offset + padded <= tiling.rows * tiling.channels);
}

void AlignedFloats::Free::operator()(float* floats) const { std::free(floats); }

float* AlignedFloats::ensure(std::size_t count) {
  if (count <= count_) return floats_.get();
  const std::size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
  float* floats = static_cast<float*>(std::aligned_alloc(64, bytes));
  if (floats == nullptr) throw std::bad_alloc();
  std::memset(floats, 0, bytes);
  floats_.reset(floats);
  count_ = bytes / sizeof(float);
  return floats;
}

void spread_over_tile(float* tile, const float* channels, std::int64_t first, std::int64_t width, std::int64_t rows) {
  for (std::int64_t row = 0; row < rows; row++) std::memcpy(tile + row * width, channels + first, width * sizeof(float));
}

ChannelSums::ChannelSums(float* lanes, int sums, std::int64_t width, const Tiling& tiling)
    : lanes_(lanes), sums_(sums), width_(width), rows_per_tile_(tiling.rows_per_tile), stride_(tiling.tile_size()),
      totals_(sums * width) {
  std::memset(lanes_, 0, sums_ * stride_ * sizeof(float));
}

void ChannelSums::flush() {
  for (int sum = 0; sum < sums_; sum++) {
    const float* lane = lanes_ + sum * stride_;
    double* totals = totals_.data() + sum * width_;
    for (std::int64_t row = 0; row < rows_per_tile_; row++)
      for (std::int64_t column = 0; column < width_; column++) totals[column] += lane[row * width_ + column];
  }
  std::memset(lanes_, 0, sums_ * stride_ * sizeof(float));
  pending_ = 0;
}

}  // namespace activation_search
