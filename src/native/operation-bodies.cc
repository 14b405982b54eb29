#include "operation-bodies.hpp"

#include "convolution.hpp"
#include "instruction-set.hpp"
#include "normalization.hpp"
#include "optimizers.hpp"
#include "run-program.hpp"

namespace activation_search {

namespace {

/// A program comes with every call, as a tensor: one kernel serves all candidates, and TensorFlow's cache of
/// kernels stays as small as it is. Reading it takes well under a microsecond.
Program program_in(const KernelCall& call) {
  Program program;
  const std::string problem = decode_program(call.words(0), static_cast<std::size_t>(call.count(0)), program);
  if (!problem.empty()) throw InvalidArgument("malformed program: " + problem);
  return program;
}

void expect_count(const char* what, int given, int expected) {
  if (given == expected) return;
  throw InvalidArgument("the program takes " + std::to_string(expected) + " " + what + ", given were " + std::to_string(given));
}

/// The parameters that an optimizer updates, from its inputs: settings, decay of each parameter, state,
/// parameters..., gradients....
std::vector<ParameterSlice> parameters_in(const KernelCall& call, std::int64_t settings, int copies_of_state) {
  const int count = (call.inputs() - 3) / 2;
  if (call.count(0) != settings) throw InvalidArgument("settings have " + std::to_string(call.count(0)) + " values");
  if (call.count(1) != count) throw InvalidArgument("there must be one decay for each parameter");
  std::vector<ParameterSlice> parameters;
  std::int64_t total = 0;
  for (int p = 0; p < count; p++) {
    const int gradient = 3 + count + p;
    call.values_of_shape(gradient, call.shape(3 + p));
    parameters.push_back({call.floats(3 + p), call.floats(gradient), call.count(3 + p), call.floats(1)[p]});
    total += call.count(3 + p);
  }
  if (call.count(2) != copies_of_state * total) throw InvalidArgument("the state does not fit the parameters");
  return parameters;
}

/// The convolution of images, input 0, with a filter, input 1.
ConvolutionShape convolution_shape(const KernelCall& call, const void* attributes) {
  const std::vector<std::int64_t> images = call.shape(0), filter = call.shape(1);
  if (images.size() != 4) throw InvalidArgument("images must be [batch, height, width, channels]");
  if (filter.size() != 4 || filter[0] != filter[1] || filter[0] % 2 == 0)
    throw InvalidArgument("the filter must be [kernel, kernel, inputs, outputs], the kernel odd");
  call.values_of_shape(0, {images[0], images[1], images[2], filter[2]});
  const std::int64_t stride = static_cast<const ConvolutionAttributes*>(attributes)->stride;
  return {images[0], images[1], images[2], filter[2], filter[3], filter[0], stride};
}

/// The gradient by the outputs, input 2.
const float* output_gradient(const KernelCall& call, const ConvolutionShape& shape) {
  return call.values_of_shape(2, {shape.batch, shape.output_height(), shape.output_width(), shape.outputs});
}

}  // namespace

void compute_program(KernelCall& call, void*) {
  const Program program = program_in(call);
  expect_count("operands", call.inputs() - 1, program.inputs + program.parameters);
  expect_count("results", call.outputs(), program.outputs + program.sums);
  const std::vector<std::int64_t> shape = call.shape(1);
  const std::int64_t channels = channels_of(shape);
  ProgramOperands operands;
  int input = 1;
  for (int i = 0; i < program.inputs; i++) operands.inputs.push_back(call.values_of_shape(input++, shape));
  for (int p = 0; p < program.parameters; p++) operands.parameters.push_back(call.channel_values(input++, channels));
  int output = 0;
  for (int o = 0; o < program.outputs; o++) operands.outputs.push_back(call.allocate(output++, shape));
  for (int s = 0; s < program.sums; s++) operands.sums.push_back(call.allocate(output++, {channels}));
  run_program(program, kernels(), operands, rows_of(shape), channels);
}

void compute_normalized(KernelCall& call, void* attributes) {
  const auto& [epsilon, rate] = *static_cast<const NormalizationAttributes*>(attributes);
  const Program program = program_in(call);
  expect_count("operands", call.inputs() - 1, program.inputs + program.parameters - kNormalizationParameters + 4);
  if (program.parameters < kNormalizationParameters) throw InvalidArgument("the program has no place for normalization");
  expect_count("outputs", program.outputs, 1);
  expect_count("sums", program.sums, 0);
  const std::vector<std::int64_t> shape = call.shape(1);
  const std::int64_t channels = channels_of(shape);
  const RunningStatistics running = {call.channel_values(4, channels), call.channel_values(5, channels), rate};
  ProgramOperands operands;
  operands.inputs.push_back(call.floats(1));
  int input = 6;
  for (int i = 1; i < program.inputs; i++) operands.inputs.push_back(call.values_of_shape(input++, shape));
  for (int p = kNormalizationParameters; p < program.parameters; p++)
    operands.parameters.push_back(call.channel_values(input++, channels));
  operands.outputs.push_back(call.allocate(0, shape));
  const NormalizationState state = {call.channel_values(2, channels), call.channel_values(3, channels),
                                    call.allocate(1, {channels}), call.allocate(2, {channels})};
  batch_statistics(kernels(), call.floats(1), rows_of(shape), channels, epsilon, state, running);
  normalized_forward(program, kernels(), state, operands, rows_of(shape), channels);
}

void compute_normalized_gradient(KernelCall& call, void*) {
  const Program program = program_in(call);
  expect_count("operands", call.inputs() - 1, program.inputs + program.parameters - kNormalizationParameters + 4);
  if (program.inputs < 2 || program.parameters < kNormalizationParameters || program.sums < kNormalizationSums)
    throw InvalidArgument("the program has no place for normalization");
  expect_count("outputs", program.outputs, 1);
  const int others = 3 + program.sums - kNormalizationSums;
  const bool apart = call.outputs() == others + 1;
  expect_count("results", call.outputs(), others + apart);
  const std::vector<std::int64_t> shape = call.shape(1);
  const std::int64_t channels = channels_of(shape);
  ProgramOperands operands;
  operands.inputs = {call.floats(1), call.values_of_shape(2, shape)};
  int input = 7;
  for (int i = 2; i < program.inputs; i++) operands.inputs.push_back(call.values_of_shape(input++, shape));
  for (int p = kNormalizationParameters; p < program.parameters; p++)
    operands.parameters.push_back(call.channel_values(input++, channels));
  const NormalizationState state = {call.channel_values(3, channels), call.channel_values(4, channels),
                                    call.channel_values(5, channels), call.channel_values(6, channels)};
  float* dx = call.hand_on(apart ? 1 : 2, 0);
  float* d_gamma = call.allocate(1, {channels});
  float* d_beta = call.allocate(2, {channels});
  int output = 3;
  operands.outputs.push_back(apart ? call.hand_on(2, output++) : dx);
  for (int s = kNormalizationSums; s < program.sums; s++) operands.sums.push_back(call.allocate(output++, {channels}));
  normalized_backward(program, kernels(), state, operands, dx, d_gamma, d_beta, rows_of(shape), channels);
}

void compute_sgd(KernelCall& call, void*) {
  const std::vector<ParameterSlice> parameters = parameters_in(call, 4, 1);
  const float* settings = call.floats(0);
  sgd_step(kernels(), parameters, call.floats(2), {settings[0], settings[1] != 0}, settings[2], settings[3] != 0);
}

void compute_adam(KernelCall& call, void*) {
  const std::vector<ParameterSlice> parameters = parameters_in(call, 6, 2);
  const float* settings = call.floats(0);
  adam_step(kernels(), parameters, call.floats(2), {settings[0], settings[1] != 0}, settings[2], settings[3], settings[4],
            settings[5]);
}

void compute_convolution(KernelCall& call, void* attributes) {
  const ConvolutionShape shape = convolution_shape(call, attributes);
  float* y = call.allocate(0, {shape.batch, shape.output_height(), shape.output_width(), shape.outputs});
  passes_for(shape).forward(*kernels().winograd, shape, call.floats(0), call.floats(1), y);
}

void compute_convolution_input_gradient(KernelCall& call, void* attributes) {
  const ConvolutionShape shape = convolution_shape(call, attributes);
  const float* dy = output_gradient(call, shape);
  float* dx = call.allocate(0, call.shape(0));
  passes_for(shape).input_gradient(*kernels().winograd, shape, dy, call.floats(1), dx);
}

void compute_convolution_filter_gradient(KernelCall& call, void* attributes) {
  const ConvolutionShape shape = convolution_shape(call, attributes);
  const float* dy = output_gradient(call, shape);
  float* d_filter = call.allocate(0, call.shape(1));
  passes_for(shape).filter_gradient(*kernels().winograd, shape, call.floats(0), dy, d_filter);
}

}  // namespace activation_search
