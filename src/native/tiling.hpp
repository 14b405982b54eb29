// How a tensor of [rows, channels] is cut into tiles that stay in the first-level cache.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace activation_search {

/// A tile is `rows_per_tile` whole rows, or one row of a block of columns where a row is longer than a tile.
/// The value of channel c is then at the same places in every tile of its block, so that what belongs to
/// channels is laid out once.
struct Tiling {
  std::int64_t rows;
  std::int64_t channels;
  std::int64_t block;
  std::int64_t rows_per_tile;

  /// For a working set of the given number of tiles.
  Tiling(std::int64_t rows, std::int64_t channels, int tiles_at_a_time);

  /// Floats in a tile, rounded up to whole vectors.
  std::int64_t tile_size() const;
  std::int64_t tiles() const { return (rows + rows_per_tile - 1) / rows_per_tile; }
};

/// One tile of a tensor: where it starts, how many floats it has, and the same rounded up to whole vectors.
struct Tile {
  std::int64_t offset = 0;
  std::int64_t size = 0;
  std::int64_t padded = 0;
  /// Whether `padded` floats may be read and written in place: the floats behind the tile belong to the
  /// tensor, and are overwritten later.
  bool in_place = false;

  Tile() = default;
  Tile(const Tiling& tiling, std::int64_t first_column, std::int64_t width, std::int64_t index);
};

inline std::int64_t round_up_to_lanes(std::int64_t n) { return (n + 15) & ~static_cast<std::int64_t>(15); }

/// Memory that starts at a cache line and holds zeros at first.
class AlignedFloats {
 public:
  /// At least `count` floats. Their values stay if there were as many before.
  float* ensure(std::size_t count);

 private:
  struct Free {
    void operator()(float* floats) const;
  };
  std::unique_ptr<float, Free> floats_;
  std::size_t count_ = 0;
};

/// Repeats the values of channels [first, first + width) over a tile.
void spread_over_tile(float* tile, const float* channels, std::int64_t first, std::int64_t width, std::int64_t rows);

/// Sums over all rows for each channel of a block. Every place in a tile adds up by itself in float32, for a
/// bounded number of tiles, and these go into float64: the order depends on nothing but the tiling.
class ChannelSums {
 public:
  ChannelSums(float* lanes, int sums, std::int64_t width, const Tiling& tiling);

  /// The tile-sized accumulator of a sum.
  float* lane(int sum) { return lanes_ + sum * stride_; }
  /// Call it after every tile.
  void tile_done() {
    if (++pending_ == kTilesBetweenFlushes) flush();
  }
  /// The sum for channel `column` of the block, after the last tile and `flush`.
  double total(int sum, std::int64_t column) const { return totals_[sum * width_ + column]; }
  void flush();

 private:
  static constexpr int kTilesBetweenFlushes = 128;
  float* lanes_;
  int sums_;
  std::int64_t width_;
  std::int64_t rows_per_tile_;
  std::int64_t stride_;
  int pending_ = 0;
  std::vector<double> totals_;
};

}  // namespace activation_search
