#include "run-program.hpp"

#include <algorithm>
#include <bitset>
#include <cstring>

#include "tiling.hpp"

namespace activation_search {

namespace {

/// Whether an instruction reads `input` behind the first that writes `output`.
bool reads_after_write(const Program& program, int input, int output) {
  bool written = false;
  for (const Instruction& instruction : program.instructions) {
    const InstructionShape& shape = kInstructionShapes[static_cast<int>(instruction.opcode)];
    const std::uint8_t operands[] = {instruction.a, instruction.b, instruction.c};
    const auto end = operands + shape.operands;
    if (written && std::find(operands, end, input) != end) return true;
    written = written || (!shape.sum && instruction.target == output);
  }
  return false;
}

/// The registers of a program over one block of columns.
class RegisterFile {
 public:
  RegisterFile(const Program& program, const ProgramOperands& operands, const Tiling& tiling)
      : program_(program), operands_(operands), stride_(tiling.tile_size()) {
    static thread_local AlignedFloats memory;
    base_ = memory.ensure(static_cast<std::size_t>(stride_) * (program.registers() + program.sums));
    for (int r = 0; r < program.registers(); r++) registers_[r] = own(r);
    for (int o = 0; o < program.outputs; o++) {
      for (int i = 0; i < program.inputs; i++) {
        if (operands.inputs[i] != operands.outputs[o]) continue;
        overwrites_ = true;
        if (reads_after_write(program, i, program.first_output() + o)) apart_[o] = true;
      }
    }
  }

  float* operator[](int index) const { return registers_[index]; }
  float* sum_lanes() const { return own(program_.registers()); }

  void lay_out_parameters(std::int64_t first, std::int64_t width, std::int64_t rows) {
    for (int p = 0; p < program_.parameters; p++)
      spread_over_tile(own(program_.inputs + p), operands_.parameters[p], first, width, rows);
  }

  /// Inputs and outputs are the tensors themselves, or copies where a whole number of vectors would reach too
  /// far: beyond the tensor, or into what is still to be read.
  void enter(const Tile& tile) {
    direct_ = tile.in_place && (!overwrites_ || tile.size == tile.padded);
    for (int i = 0; i < program_.inputs; i++) {
      const float* input = operands_.inputs[i] + tile.offset;
      registers_[i] = direct_ ? const_cast<float*>(input) : own(i);
      if (!direct_) std::memcpy(own(i), input, tile.size * sizeof(float));
    }
    for (int o = 0; o < program_.outputs; o++) {
      const int index = program_.first_output() + o;
      registers_[index] = is_direct(o) ? operands_.outputs[o] + tile.offset : own(index);
    }
  }

  void leave(const Tile& tile) const {
    for (int o = 0; o < program_.outputs; o++) {
      if (is_direct(o)) continue;
      std::memcpy(operands_.outputs[o] + tile.offset, own(program_.first_output() + o), tile.size * sizeof(float));
    }
  }

 private:
  float* own(int index) const { return base_ + index * stride_; }
  bool is_direct(int output) const { return direct_ && !apart_[output]; }

  const Program& program_;
  const ProgramOperands& operands_;
  std::int64_t stride_;
  float* base_;
  /// Whether an output is an input's memory, and of which outputs the program reads that input after it has
  /// written them.
  bool overwrites_ = false;
  std::bitset<kMaxRegisters> apart_;
  bool direct_ = false;
  float* registers_[kMaxRegisters];
};

/// Fetches the tensors of the next tile into the cache a few lines at a time while this one is computed: more
/// at once than the processor can have under way would stop it. Short programs leave it to the processor's
/// own prefetching.
class Prefetcher {
 public:
  Prefetcher(const ProgramOperands& operands, std::int64_t steps) : steps_(steps) {
    if (steps < kFewestSteps) return;
    streams_ = operands.inputs;
    for (const float* output : operands.outputs)
      if (std::find(streams_.begin(), streams_.end(), output) == streams_.end()) streams_.push_back(output);
  }

  void begin(const Tile& next) {
    if (streams_.empty()) return;
    tile_ = next;
    stream_ = 0;
    position_ = 0;
    const std::int64_t lines = (next.size + kLanes - 1) / kLanes * static_cast<std::int64_t>(streams_.size());
    share_ = (lines + steps_ - 1) / steps_;
  }

  /// To be called before each of the steps.
  void fetch_share() {
    for (std::int64_t count = share_; count > 0; count--) {
      __builtin_prefetch(streams_[stream_] + tile_.offset + position_);
      position_ += kLanes;
      if (position_ < tile_.size) continue;
      position_ = 0;
      if (++stream_ < streams_.size()) continue;
      share_ = 0;
      return;
    }
  }

 private:
  static constexpr std::int64_t kFewestSteps = 5;
  std::int64_t steps_;
  std::vector<const float*> streams_;
  Tile tile_{};
  std::size_t stream_ = 0;
  std::int64_t position_ = 0;
  std::int64_t share_ = 0;
};

/// An instruction with everything looked up that is the same for all tiles.
struct Step {
  TileLoop loop;
  /// Where the accumulator of a sum is; else the target is a register.
  float* sum;
  const Instruction* instruction;
};

std::vector<Step> prepare(const Program& program, const TileKernels& kernels, ChannelSums& sums) {
  std::vector<Step> steps;
  steps.reserve(program.instructions.size());
  for (const Instruction& instruction : program.instructions) {
    const int code = static_cast<int>(instruction.opcode);
    float* sum = kInstructionShapes[code].sum ? sums.lane(instruction.target) : nullptr;
    steps.push_back({kernels.loops[code], sum, &instruction});
  }
  return steps;
}

inline void execute(const Step& step, const RegisterFile& registers, std::int64_t size, std::int64_t summed) {
  const Instruction& instruction = *step.instruction;
  float* target = step.sum != nullptr ? step.sum : registers[instruction.target];
  step.loop(target, registers[instruction.a], registers[instruction.b], registers[instruction.c], instruction.literal,
            step.sum != nullptr ? summed : size);
}

void execute_all(const Step* step, const Step* end, const RegisterFile& registers, Prefetcher& prefetcher,
                 std::int64_t size, std::int64_t summed) {
  // Written out, so that each place in the program has a call of its own: its target is the same for every
  // tile, which the processor can predict; with one call for all it would mispredict at every instruction.
#define EXECUTE_NEXT                               \
  if (step == end) return;                         \
  prefetcher.fetch_share();                        \
  execute(*step++, registers, size, summed);
#define EXECUTE_FOUR EXECUTE_NEXT EXECUTE_NEXT EXECUTE_NEXT EXECUTE_NEXT
#define EXECUTE_SIXTEEN EXECUTE_FOUR EXECUTE_FOUR EXECUTE_FOUR EXECUTE_FOUR
  for (;;) {
    EXECUTE_SIXTEEN EXECUTE_SIXTEEN EXECUTE_SIXTEEN EXECUTE_SIXTEEN
  }
#undef EXECUTE_SIXTEEN
#undef EXECUTE_FOUR
#undef EXECUTE_NEXT
}

}  // namespace

void run_program(const Program& program, const TileKernels& kernels, const ProgramOperands& operands, std::int64_t rows,
                 std::int64_t channels) {
  const Tiling tiling(rows, channels, program.registers() + program.sums);
  RegisterFile registers(program, operands, tiling);
  for (std::int64_t first = 0; first < channels; first += tiling.block) {
    const std::int64_t width = std::min(tiling.block, channels - first);
    registers.lay_out_parameters(first, width, tiling.rows_per_tile);
    ChannelSums sums(registers.sum_lanes(), program.sums, width, tiling);
    const std::vector<Step> steps = prepare(program, kernels, sums);
    const Step* first_of_tile = steps.data() + program.once;
    const Step* end = steps.data() + steps.size();
    Prefetcher prefetcher(operands, end - first_of_tile);
    execute_all(steps.data(), first_of_tile, registers, prefetcher, tiling.tile_size(), 0);
    for (std::int64_t index = 0; index < tiling.tiles(); index++) {
      const Tile tile(tiling, first, width, index);
      if (index + 1 < tiling.tiles()) prefetcher.begin(Tile(tiling, first, width, index + 1));
      registers.enter(tile);
      // Behind a tile's end the registers hold anything; only the lanes of a whole tile are ever folded into
      // sums.
      const bool whole = tile.size == width * tiling.rows_per_tile;
      execute_all(first_of_tile, end, registers, prefetcher, tile.padded, whole ? tile.padded : tile.size);
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
