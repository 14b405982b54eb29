#include "program.hpp"

#include <cstring>

namespace activation_search {

namespace {

// {name, registers read, literal, sum} by kind of operands, as instructions.def names them.
#define SHAPE_K(name) {name, 0, true, false}
#define SHAPE_A(name) {name, 1, false, false}
#define SHAPE_AK(name) {name, 1, true, false}
#define SHAPE_AB(name) {name, 2, false, false}
#define SHAPE_ABK(name) {name, 2, true, false}
#define SHAPE_ABC(name) {name, 3, false, false}
#define SHAPE_PERIODIC(name) {name, 1, false, false}
#define SHAPE_SUM(name) {name, 1, false, true}
#define SHAPE_DOT(name) {name, 2, false, true}

// The same as text, as src/activation/program-format.ts has it.
#define TEXT_K "k"
#define TEXT_A "a"
#define TEXT_AK "ak"
#define TEXT_AB "ab"
#define TEXT_ABK "abk"
#define TEXT_ABC "abc"
#define TEXT_PERIODIC "a"
#define TEXT_SUM "a"
#define TEXT_DOT "ab"

std::string at(std::size_t instruction, const std::string& problem) {
  return "instruction " + std::to_string(instruction) + ": " + problem;
}

/// Which registers and sums have a value so far.
class Written {
 public:
  explicit Written(const Program& program) : program_(program), registers_(program.registers(), kNothing), sums_(program.sums) {
    for (int r = 0; r < program.first_output(); r++) registers_[r] = r < program.inputs ? kTile : kFixed;
  }

  std::string read(int index, bool once) const {
    if (index >= program_.registers()) return "register " + std::to_string(index) + " does not exist";
    if (registers_[index] == kNothing) return "register " + std::to_string(index) + " is read before it is written";
    if (once && registers_[index] != kFixed) return "what runs once reads register " + std::to_string(index);
    return "";
  }

  std::string write(int index, bool once) {
    const int first = program_.first_output() + (once ? program_.outputs : 0);
    if (index < first || index >= program_.registers() || registers_[index] == (once ? kTile : kFixed))
      return "register " + std::to_string(index) + " cannot be written";
    registers_[index] = once ? kFixed : kTile;
    return "";
  }

  std::string add(int sum) {
    if (sum >= program_.sums) return "sum " + std::to_string(sum) + " does not exist";
    sums_[sum] = true;
    return "";
  }

  std::string missing() const {
    for (int output = 0; output < program_.outputs; output++)
      if (registers_[program_.first_output() + output] == kNothing) return "output " + std::to_string(output) + " is never written";
    for (int sum = 0; sum < program_.sums; sum++)
      if (!sums_[sum]) return "sum " + std::to_string(sum) + " is never written";
    return "";
  }

 private:
  /// kFixed: the same for all tiles.
  enum State : std::uint8_t { kNothing, kFixed, kTile };
  const Program& program_;
  std::vector<State> registers_;
  std::vector<bool> sums_;
};

std::string decode_header(const std::int32_t* words, std::size_t count, Program& program) {
  if (count < kHeaderWords) return "shorter than a header";
  if (words[0] != kProgramVersion) return "version " + std::to_string(words[0]) + ", not " + std::to_string(kProgramVersion);
  for (std::size_t field = 1; field < kHeaderWords - 1; field++)
    if (words[field] < 0 || words[field] > kMaxRegisters)
      return "header field " + std::to_string(field) + " is " + std::to_string(words[field]);
  program.inputs = words[1];
  program.parameters = words[2];
  program.outputs = words[3];
  program.temporaries = words[4];
  program.sums = words[5];
  program.once = words[6];
  if (program.inputs == 0) return "no input";
  if (program.registers() > kMaxRegisters) return "more than " + std::to_string(kMaxRegisters) + " registers";
  if (program.sums > kMaxSums) return "more than " + std::to_string(kMaxSums) + " sums";
  const std::int32_t length = words[kHeaderWords - 1];
  if (length < program.once || count != kHeaderWords + 2 * static_cast<std::size_t>(length))
    return "size does not fit " + std::to_string(length) + " instructions";
  return "";
}

std::string decode_instruction(std::uint32_t first, std::uint32_t second, bool once, Written& written,
                               Instruction& instruction) {
  const std::uint32_t code = first & 0xff;
  if (code >= static_cast<std::uint32_t>(kInstructionCount)) return "unknown code " + std::to_string(code);
  const InstructionShape& shape = kInstructionShapes[code];
  instruction = {static_cast<Opcode>(code), static_cast<std::uint8_t>(first >> 8), static_cast<std::uint8_t>(first >> 16),
                 static_cast<std::uint8_t>(first >> 24), 0, 0.0f};
  if (shape.literal) {
    std::memcpy(&instruction.literal, &second, sizeof second);
  } else {
    if (second >= (shape.operands == 3 ? kMaxRegisters : 1u)) return "bad third operand";
    instruction.c = static_cast<std::uint8_t>(second);
  }
  const std::uint8_t operands[] = {instruction.a, instruction.b, instruction.c};
  for (int operand = 0; operand < 3; operand++) {
    if (operand >= shape.operands) {
      if (operands[operand] != 0) return "an operand too many";
      continue;
    }
    const std::string problem = written.read(operands[operand], once);
    if (!problem.empty()) return problem;
  }
  if (!shape.sum) return written.write(instruction.target, once);
  return once ? "a sum cannot run once" : written.add(instruction.target);
}

}  // namespace

const InstructionShape kInstructionShapes[] = {
#define INSTRUCTION(name, operands, value) SHAPE_##operands(#name),
#include "instructions.def"
#undef INSTRUCTION
};
const int kInstructionCount = sizeof kInstructionShapes / sizeof kInstructionShapes[0];

const char kProgramLayout[] = "fused programs, version 3:"
#define INSTRUCTION(name, operands, value) " " #name " " TEXT_##operands ";"
#include "instructions.def"
#undef INSTRUCTION
    ;
static_assert(kProgramVersion == 3, "the text above names the version");

std::string decode_program(const std::int32_t* words, std::size_t count, Program& program) {
  program = Program();
  const std::string header = decode_header(words, count, program);
  if (!header.empty()) return header;
  const std::size_t length = static_cast<std::size_t>(words[kHeaderWords - 1]);
  program.instructions.resize(length);
  Written written(program);
  for (std::size_t i = 0; i < length; i++) {
    const std::int32_t* pair = words + kHeaderWords + 2 * i;
    const std::string problem =
        decode_instruction(static_cast<std::uint32_t>(pair[0]), static_cast<std::uint32_t>(pair[1]),
                           i < static_cast<std::size_t>(program.once), written, program.instructions[i]);
    if (!problem.empty()) return at(i, problem);
  }
  return written.missing();
}

}  // namespace activation_search
