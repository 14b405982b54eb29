#include "normalization.hpp"

#include <algorithm>
#include <cmath>

#include "tiling.hpp"

namespace activation_search {

namespace {

/// Scale of the normalized value by channel.
std::vector<float> scales(const NormalizationState& state, std::int64_t channels) {
  std::vector<float> scale(channels);
  for (std::int64_t c = 0; c < channels; c++) scale[c] = state.gamma[c] * state.deviation[c];
  return scale;
}

template <typename Floats>
void put_first(Floats& list, std::initializer_list<typename Floats::value_type> first) {
  list.insert(list.begin(), first);
}

void apply_gradient(const TileKernels& kernels, const float* x, const float* dz, float* dx, const float* const per_channel[4],
                    std::int64_t rows, std::int64_t channels) {
  static thread_local AlignedFloats memory;
  const Tiling tiling(rows, channels, 10);
  const std::int64_t size = tiling.tile_size();
  float* base = memory.ensure(6 * size);
  for (std::int64_t first = 0; first < channels; first += tiling.block) {
    const std::int64_t width = std::min(tiling.block, channels - first);
    for (int p = 0; p < 4; p++) spread_over_tile(base + p * size, per_channel[p], first, width, tiling.rows_per_tile);
    // Backwards, because what the pass before this one touched last is still in the cache. Tiles are not
    // padded: the padding would reach into what is done.
    for (std::int64_t index = tiling.tiles() - 1; index >= 0; index--) {
      const Tile tile(tiling, first, width, index);
      kernels.normalized_gradient(dx + tile.offset, dz + tile.offset, x + tile.offset, base, base + size, base + 2 * size,
                                  base + 3 * size, tile.size);
    }
  }
}

}  // namespace

void batch_statistics(const TileKernels& kernels, const float* x, std::int64_t rows, std::int64_t channels, float epsilon,
                      const NormalizationState& state, const RunningStatistics& running) {
  static thread_local AlignedFloats memory;
  const Tiling tiling(rows, channels, 6);
  const std::int64_t size = tiling.tile_size();
  float* base = memory.ensure(3 * size);
  const double count = static_cast<double>(rows);
  for (std::int64_t first = 0; first < channels; first += tiling.block) {
    const std::int64_t width = std::min(tiling.block, channels - first);
    if (rows > 0) spread_over_tile(base, x, first, width, tiling.rows_per_tile);
    ChannelSums sums(base + size, 2, width, tiling);
    for (std::int64_t index = 0; index < tiling.tiles(); index++) {
      const Tile tile(tiling, first, width, index);
      kernels.moments(sums.lane(0), sums.lane(1), x + tile.offset, base, tile.size);
      sums.tile_done();
    }
    sums.flush();
    for (std::int64_t column = 0; column < width; column++) {
      const std::int64_t c = first + column;
      const double center = sums.total(0, column) / count;
      const double variance = std::max(sums.total(1, column) / count - center * center, 0.0);
      const double mean = (rows > 0 ? x[c] : 0.0) + center;
      state.mean[c] = static_cast<float>(mean);
      // max(NaN, 0) is NaN here: a diverged batch shows.
      state.deviation[c] = static_cast<float>(1.0 / std::sqrt(variance + epsilon));
      const double unbiased = rows > 1 ? variance * count / (count - 1) : variance;
      running.mean[c] += running.rate * (static_cast<float>(mean) - running.mean[c]);
      running.variance[c] += running.rate * (static_cast<float>(unbiased) - running.variance[c]);
    }
  }
}

void normalized_forward(const Program& program, const TileKernels& kernels, const NormalizationState& state,
                        ProgramOperands operands, std::int64_t rows, std::int64_t channels) {
  const std::vector<float> scale = scales(state, channels);
  put_first(operands.parameters, {state.mean, scale.data(), state.beta});
  run_program(program, kernels, operands, rows, channels);
}

void normalized_backward(const Program& program, const TileKernels& kernels, const NormalizationState& state,
                         ProgramOperands operands, float* dx, float* d_gamma, float* d_beta, std::int64_t rows,
                         std::int64_t channels) {
  const std::vector<float> scale = scales(state, channels);
  const float* x = operands.inputs[0];
  const float* dz = operands.outputs[0];
  put_first(operands.parameters, {state.mean, scale.data(), state.beta});
  // The sum of dz * centered is left in d_gamma until it is scaled.
  put_first(operands.sums, {d_beta, d_gamma});
  run_program(program, kernels, operands, rows, channels);

  // dx = scale * (dz - mean(dz) - normalized * mean(dz * normalized)), normalized = centered * deviation.
  std::vector<float> slope(channels), offset(channels);
  for (std::int64_t c = 0; c < channels; c++) {
    d_gamma[c] *= state.deviation[c];
    const float count = static_cast<float>(rows);
    slope[c] = -scale[c] * state.deviation[c] * (d_gamma[c] / count);
    offset[c] = -scale[c] * (d_beta[c] / count);
  }
  const float* per_channel[] = {state.mean, scale.data(), slope.data(), offset.data()};
  apply_gradient(kernels, x, dz, dx, per_channel, rows, channels);
}

}  // namespace activation_search
