#include "run-program.hpp"

#include <algorithm>
#include <cstring>

#include "tiling.hpp"

namespace activation_search {

namespace {

/// The registers of a program over one block of columns.
class RegisterFile {
 public:
  RegisterFile(const Program& program, const ProgramOperands& operands, const Tiling& tiling)
      : program_(program), operands_(operands), stride_(tiling.tile_size()) {
    static thread_local AlignedFloats memory;
    base_ = memory.ensure(static_cast<std::size_t>(stride_) * (program.registers() + program.sums));
    for (int r = 0; r < program.registers(); r++) registers_[r] = own(r);
  }

  float* operator[](int index) const { return registers_[index]; }
  float* sum_lanes() const { return own(program_.registers()); }

  void lay_out_parameters(std::int64_t first, std::int64_t width, std::int64_t rows) {
    for (int p = 0; p < program_.parameters; p++)
      spread_over_tile(own(program_.inputs + p), operands_.parameters[p], first, width, rows);
  }

  /// Inputs and outputs are the tensors themselves, or copies where a whole number of vectors would reach too far.
  void enter(const Tile& tile) {
    for (int i = 0; i < program_.inputs; i++) {
      const float* input = operands_.inputs[i] + tile.offset;
      registers_[i] = tile.in_place ? const_cast<float*>(input) : own(i);
      if (!tile.in_place) std::memcpy(own(i), input, tile.size * sizeof(float));
    }
    for (int o = 0; o < program_.outputs; o++) {
      const int index = program_.first_output() + o;
      registers_[index] = tile.in_place ? operands_.outputs[o] + tile.offset : own(index);
    }
  }

  void leave(const Tile& tile) const {
    if (tile.in_place) return;
    for (int o = 0; o < program_.outputs; o++)
      std::memcpy(operands_.outputs[o] + tile.offset, own(program_.first_output() + o), tile.size * sizeof(float));
  }

  /// Fetches a tile's inputs while the one before it is computed.
  void prefetch(const Tile& tile) const {
    for (int i = 0; i < program_.inputs; i++)
      for (std::int64_t at = 0; at < tile.size; at += kLanes) __builtin_prefetch(operands_.inputs[i] + tile.offset + at);
  }

 private:
  float* own(int index) const { return base_ + index * stride_; }

  const Program& program_;
  const ProgramOperands& operands_;
  std::int64_t stride_;
  float* base_;
  float* registers_[kMaxRegisters];
};

void execute_once(const Program& program, const TileKernels& kernels, const RegisterFile& registers, std::int64_t size) {
  for (int i = 0; i < program.once; i++) {
    const Instruction& instruction = program.instructions[i];
    kernels.loops[static_cast<int>(instruction.opcode)](registers[instruction.target], registers[instruction.a],
                                                        registers[instruction.b], registers[instruction.c],
                                                        instruction.literal, size);
  }
}

void execute_tile(const Program& program, const TileKernels& kernels, const RegisterFile& registers, ChannelSums& sums,
                  const Tile& tile, std::int64_t summed) {
  for (std::size_t i = program.once; i < program.instructions.size(); i++) {
    const Instruction& instruction = program.instructions[i];
    const int code = static_cast<int>(instruction.opcode);
    const bool sum = kInstructionShapes[code].sum;
    float* target = sum ? sums.lane(instruction.target) : registers[instruction.target];
    kernels.loops[code](target, registers[instruction.a], registers[instruction.b], registers[instruction.c],
                        instruction.literal, sum ? summed : tile.padded);
  }
}

}  // namespace

void run_program(const Program& program, const TileKernels& kernels, const ProgramOperands& operands, std::int64_t rows,
                 std::int64_t channels) {
  const Tiling tiling(rows, channels, program.registers() + program.sums);
  RegisterFile registers(program, operands, tiling);
  for (std::int64_t first = 0; first < channels; first += tiling.block) {
    const std::int64_t width = std::min(tiling.block, channels - first);
    registers.lay_out_parameters(first, width, tiling.rows_per_tile);
    execute_once(program, kernels, registers, tiling.tile_size());
    ChannelSums sums(registers.sum_lanes(), program.sums, width, tiling);
    for (std::int64_t index = 0; index < tiling.tiles(); index++) {
      const Tile tile(tiling, first, width, index);
      if (index + 1 < tiling.tiles()) registers.prefetch(Tile(tiling, first, width, index + 1));
      registers.enter(tile);
      // Behind a tile's end the registers hold anything; only the lanes of a whole tile are ever folded into sums.
      const bool whole = tile.size == width * tiling.rows_per_tile;
      execute_tile(program, kernels, registers, sums, tile, whole ? tile.padded : tile.size);
      registers.leave(tile);
      sums.tile_done();
    }
    sums.flush();
    for (int sum = 0; sum < program.sums; sum++)
      for (std::int64_t column = 0; column < width; column++)
        operands.sums[sum][first + column] = static_cast<float>(sums.total(sum, column));
  }
}

}  // namespace activation_search
