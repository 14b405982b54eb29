// A program: what a candidate's formula, or its derivative, has been compiled to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace activation_search {

enum class Opcode : std::uint8_t {
#define INSTRUCTION(name, operands, value) k_##name,
#include "instructions.def"
#undef INSTRUCTION
};

/// How many registers an instruction reads, whether it has a literal, and whether it adds to a sum.
struct InstructionShape {
  const char* name;
  int operands;
  bool literal;
  bool sum;
};

/// By instruction code, `kInstructionCount` of them.
extern const InstructionShape kInstructionShapes[];
extern const int kInstructionCount;

struct Instruction {
  Opcode opcode;
  /// A register, or the number of a sum.
  std::uint8_t target;
  std::uint8_t a, b, c;
  float literal;
};

/// Registers are numbered: inputs (one value for each element), parameters (one for each channel), outputs,
/// temporaries.
struct Program {
  int inputs = 0;
  int parameters = 0;
  int outputs = 0;
  int temporaries = 0;
  int sums = 0;
  /// The number of leading instructions that depend on parameters only: they run once, not for every tile.
  int once = 0;
  std::vector<Instruction> instructions;

  int first_output() const { return inputs + parameters; }
  int registers() const { return inputs + parameters + outputs + temporaries; }
};

/// Serialized: version, inputs, parameters, outputs, temporaries, sums, `once`, number of instructions, then
/// two words each: code | target << 8 | a << 16 | b << 24, and either c or the literal's bits, else 0.
constexpr std::int32_t kProgramVersion = 3;
/// Version and instructions as text. The compiler looks for its own text in the addon's file, and refuses an
/// addon without it.
extern const char kProgramLayout[];
constexpr std::size_t kHeaderWords = 8;
constexpr int kMaxRegisters = 256;
constexpr int kMaxSums = 64;

/// Reads a serialized program into `program`. Returns what is wrong with it, or an empty string. In a valid
/// program every register is written before it is read; inputs, parameters and what is computed once are
/// never overwritten; every output and sum is written.
std::string decode_program(const std::int32_t* words, std::size_t count, Program& program);

}  // namespace activation_search
