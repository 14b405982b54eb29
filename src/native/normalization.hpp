// Batch normalization and the program that follows it, in two passes over the tensor each way.
#pragma once

#include <cstdint>

#include "run-program.hpp"

namespace activation_search {

/// The first parameters of a program run under batch normalization; its first instructions are
/// centered = x - mean, z = centered * scale + shift.
constexpr int kNormalizationParameters = 3;
/// The first sums of its backward program: of dz and of dz * centered.
constexpr int kNormalizationSums = 2;

/// All of [channels].
struct NormalizationState {
  const float* gamma;
  const float* beta;
  /// Of the batch: written by forward, read by backward. `deviation` is 1 / sqrt(variance + epsilon).
  float* mean;
  float* deviation;
};

struct RunningStatistics {
  float* mean;
  float* variance;
  /// What a batch contributes: running = (1 - rate) * running + rate * batch. The variance is the unbiased
  /// one.
  float rate;
};

/// The statistics of x in one pass, shifted by its first row so that a large mean costs no digits.
void batch_statistics(const TileKernels& kernels, const float* x, std::int64_t rows, std::int64_t channels, float epsilon,
                      const NormalizationState& state, const RunningStatistics& running);

/// y = program(x, ...). `operands.parameters` names those behind the normalization's.
void normalized_forward(const Program& program, const TileKernels& kernels, const NormalizationState& state,
                        ProgramOperands operands, std::int64_t rows, std::int64_t channels);

/// The program's first output is dz, the gradient by the normalized value. This computes dx from it, into
/// `dx`, which may be the memory of dz or of x. operands.sums names those behind the normalization's.
void normalized_backward(const Program& program, const TileKernels& kernels, const NormalizationState& state,
                         ProgramOperands operands, float* dx, float* d_gamma, float* d_beta, std::int64_t rows,
                         std::int64_t channels);

}  // namespace activation_search
