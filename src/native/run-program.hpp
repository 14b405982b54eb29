// Runs a program over tensors, tile by tile.
#pragma once

#include <cstdint>
#include <vector>

#include "program.hpp"
#include "tile-kernels.hpp"

namespace activation_search {

/// Memory that a program reads and writes, as many of each as the program names. Outputs do not overlap. An
/// output may be the same memory as an input, which it then overwrites: the results are the same.
struct ProgramOperands {
  /// [rows, channels].
  std::vector<const float*> inputs;
  /// [channels].
  std::vector<const float*> parameters;
  /// [rows, channels].
  std::vector<float*> outputs;
  /// [channels]: the sum over the rows.
  std::vector<float*> sums;
};

void run_program(const Program& program, const TileKernels& kernels, const ProgramOperands& operands, std::int64_t rows,
                 std::int64_t channels);

}  // namespace activation_search
