// Throws programs at the interpreter, most of them damaged: each must be refused, or run without touching
// what is not its own (which the sanitizers watch). Usage: fuzz-programs COUNT SEED. Prints how many were
// refused and how many ran.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "../../src/native/instruction-set.hpp"
#include "../../src/native/run-program.hpp"

namespace {

using namespace activation_search;
using Words = std::vector<std::int32_t>;

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}
  /// A number from 0 to limit - 1.
  std::uint32_t below(std::uint32_t limit) { return engine_() % limit; }
  std::int32_t any() { return static_cast<std::int32_t>(engine_()); }
  bool chance(std::uint32_t one_in) { return below(one_in) == 0; }

  /// A program that is right: registers are read after they are written, all outputs and sums are written.
  Words valid() {
    const std::uint32_t inputs = 1 + below(3), parameters = below(4), outputs = below(3), temporaries = 1 + below(8);
    const std::uint32_t sums = below(4);
    Words words = {kProgramVersion, static_cast<std::int32_t>(inputs), static_cast<std::int32_t>(parameters),
                   static_cast<std::int32_t>(outputs), static_cast<std::int32_t>(temporaries),
                   static_cast<std::int32_t>(sums), 0, 0};
    std::vector<std::uint32_t> readable;
    for (std::uint32_t r = 0; r < inputs + parameters; r++) readable.push_back(r);
    const std::uint32_t first = inputs + parameters;
    const auto emit = [&](bool sum, std::uint32_t target) {
      int code;
      do code = static_cast<int>(below(static_cast<std::uint32_t>(kInstructionCount)));
      while (kInstructionShapes[code].sum != sum);
      const InstructionShape& shape = kInstructionShapes[code];
      std::uint32_t operands[3] = {0, 0, 0};
      for (int o = 0; o < shape.operands; o++) operands[o] = readable[below(static_cast<std::uint32_t>(readable.size()))];
      words.push_back(static_cast<std::int32_t>(code | target << 8 | operands[0] << 16 | operands[1] << 24));
      const float literal = static_cast<float>(any()) / 1e8f;
      std::int32_t second = static_cast<std::int32_t>(operands[2]);
      if (shape.literal) std::memcpy(&second, &literal, sizeof second);
      words.push_back(second);
      words[kHeaderWords - 1]++;
      if (!sum) readable.push_back(target);
    };
    for (std::uint32_t i = below(20); i > 0; i--) emit(false, first + outputs + below(temporaries));
    for (std::uint32_t o = 0; o < outputs; o++) emit(false, first + o);
    for (std::uint32_t s = 0; s < sums; s++) emit(true, s);
    return words;
  }

  void damage(Words& words) {
    for (std::uint32_t hits = 1 + below(4); hits > 0; hits--) {
      switch (below(5)) {
        case 0: words[below(static_cast<std::uint32_t>(words.size()))] = any(); break;
        case 1: words[below(static_cast<std::uint32_t>(words.size()))] ^= 1 << below(32); break;
        case 2: words[below(std::min<std::uint32_t>(kHeaderWords, static_cast<std::uint32_t>(words.size())))] = static_cast<std::int32_t>(below(300)); break;
        case 3: words.resize(1 + below(static_cast<std::uint32_t>(words.size()))); break;
        default: words.push_back(any());
      }
    }
  }

  float value() {
    static const float special[] = {0.0f, -0.0f, 1e-40f, 88.8f, -88.8f, 1e10f, __builtin_inff(), -__builtin_inff(), __builtin_nanf("")};
    return chance(8) ? special[below(9)] : static_cast<float>(any()) / 5e8f;
  }

 private:
  std::mt19937 engine_;
};

/// The same bits; of NaN only that it is one.
void expect_same(const float* apart, const float* in_place, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i++) {
    if (std::memcmp(apart + i, in_place + i, sizeof *apart) == 0 || (apart[i] != apart[i] && in_place[i] != in_place[i])) continue;
    std::printf("value %ld is %g apart, %g in place of an input\n", static_cast<long>(i), apart[i], in_place[i]);
    std::exit(1);
  }
}

/// Tensors of exactly the size that the program may touch, so that a step beyond is seen. Every program runs
/// a second time with an output in place of an input, to the same results.
void run(const Program& program, Generator& random) {
  const std::int64_t rows = random.below(40);
  const std::int64_t channels = random.chance(20) ? 500 + random.below(40) : 1 + random.below(40);
  std::vector<std::vector<float>> memory;
  const auto tensor = [&](std::int64_t count) {
    memory.emplace_back(static_cast<std::size_t>(count));
    for (float& value : memory.back()) value = random.value();
    return memory.back().data();
  };
  ProgramOperands operands;
  for (int i = 0; i < program.inputs; i++) operands.inputs.push_back(tensor(rows * channels));
  for (int p = 0; p < program.parameters; p++) operands.parameters.push_back(tensor(channels));
  for (int o = 0; o < program.outputs; o++) operands.outputs.push_back(tensor(rows * channels));
  for (int s = 0; s < program.sums; s++) operands.sums.push_back(tensor(channels));
  const std::vector<const TileKernels*> usable = usable_kernels();
  const TileKernels& kernels = *usable[random.below(static_cast<std::uint32_t>(usable.size()))];
  run_program(program, kernels, operands, rows, channels);
  if (program.outputs == 0) return;

  ProgramOperands in_place = operands;
  for (float*& output : in_place.outputs) output = tensor(rows * channels);
  for (float*& sum : in_place.sums) sum = tensor(channels);
  const std::uint32_t reused = random.below(static_cast<std::uint32_t>(program.inputs));
  in_place.outputs[random.below(static_cast<std::uint32_t>(program.outputs))] = const_cast<float*>(operands.inputs[reused]);
  run_program(program, kernels, in_place, rows, channels);
  for (int o = 0; o < program.outputs; o++) expect_same(operands.outputs[o], in_place.outputs[o], rows * channels);
  for (int s = 0; s < program.sums; s++) expect_same(operands.sums[s], in_place.sums[s], channels);
}

}  // namespace

int main(int count, char** arguments) {
  const long programs = count > 1 ? std::atol(arguments[1]) : 1000000;
  Generator random(count > 2 ? static_cast<unsigned>(std::atol(arguments[2])) : 1);
  long refused = 0, ran = 0;
  for (long i = 0; i < programs; i++) {
    Words words = random.chance(50) ? Words(random.below(40)) : random.valid();
    if (words.empty() || random.chance(50)) {
      for (std::int32_t& word : words) word = random.any();
    } else if (!random.chance(10)) {
      random.damage(words);
    }
    // On the heap at its exact size: reading behind it is seen.
    Words exact(words.begin(), words.end());
    exact.shrink_to_fit();
    Program program;
    if (!decode_program(exact.data(), exact.size(), program).empty()) {
      refused++;
      continue;
    }
    ran++;
    run(program, random);
  }
  std::printf("%ld programs: %ld refused, %ld ran\n", programs, refused, ran);
  return refused > 0 && ran > 0 ? 0 : 1;
}
