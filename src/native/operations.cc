#include "operations.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>

#include "convolution.hpp"
#include "instruction-set.hpp"
#include "kernel-call.hpp"
#include "normalization.hpp"
#include "optimizers.hpp"
#include "run-program.hpp"
#include "tensorflow/c/ops.h"

namespace activation_search {

namespace {

std::atomic<std::int64_t> program_calls, normalized_calls, gradient_calls, sgd_calls, adam_calls, convolution_calls,
    input_gradient_calls, filter_gradient_calls;

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

/// (program, inputs..., parameters...) -> (outputs..., sums...).
void compute_program(KernelCall& call, void*) {
  program_calls++;
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

struct NormalizationAttributes {
  float epsilon;
  float rate;
};

/// (program, x, gamma, beta, running mean, running variance, further inputs..., parameters...) -> (y, mean,
/// deviation). The running statistics are updated where they are: a network owns them, and nothing else may
/// read them meanwhile.
void compute_normalized(KernelCall& call, void* attributes) {
  normalized_calls++;
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

/// (program, x, dy, gamma, beta, mean, deviation, further inputs..., parameters...) -> (dx, d gamma, d beta,
/// dz if there is one result more than the rest, sums...). Gradients reuse memory that is still in the
/// caches: dz overwrites dy, and dx overwrites dz, or x where dz is a result too. Nothing else may read those
/// inputs afterwards.
void compute_normalized_gradient(KernelCall& call, void*) {
  gradient_calls++;
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

/// Inputs of an optimizer: settings, decay of each parameter, state, parameters..., gradients....
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

/// Settings: learning rate, decoupled decay, momentum, Nesterov. Parameters and state are updated where they
/// are: a network owns them, and TensorFlow runs its operations one after the other.
void compute_sgd(KernelCall& call, void*) {
  sgd_calls++;
  const std::vector<ParameterSlice> parameters = parameters_in(call, 4, 1);
  const float* settings = call.floats(0);
  sgd_step(kernels(), parameters, call.floats(2), {settings[0], settings[1] != 0}, settings[2], settings[3] != 0);
}

/// Settings: learning rate, decoupled decay, beta1, beta2, epsilon, number of the step from 1.
void compute_adam(KernelCall& call, void*) {
  adam_calls++;
  const std::vector<ParameterSlice> parameters = parameters_in(call, 6, 2);
  const float* settings = call.floats(0);
  adam_step(kernels(), parameters, call.floats(2), {settings[0], settings[1] != 0}, settings[2], settings[3], settings[4],
            settings[5]);
}

/// The shape of the convolution of images with a filter [3, 3, inputs, outputs].
ConvolutionShape convolution_shape(const std::vector<std::int64_t>& images, std::int64_t inputs, std::int64_t outputs) {
  if (images.size() != 4) throw InvalidArgument("images must be [batch, height, width, channels]");
  return {images[0], images[1], images[2], inputs, outputs};
}

ConvolutionShape convolution_shape(const std::vector<std::int64_t>& images, const std::vector<std::int64_t>& filter) {
  if (filter.size() != 4 || filter[0] != kFilterSide || filter[1] != kFilterSide)
    throw InvalidArgument("the filter must be [3, 3, inputs, outputs]");
  return convolution_shape(images, filter[2], filter[3]);
}

/// (x, filter) -> y.
void compute_convolution(KernelCall& call, void*) {
  convolution_calls++;
  const ConvolutionShape shape = convolution_shape(call.shape(0), call.shape(1));
  const float* x = call.values_of_shape(0, {shape.batch, shape.height, shape.width, shape.inputs});
  float* y = call.allocate(0, {shape.batch, shape.height, shape.width, shape.outputs});
  convolve(*kernels().winograd, shape, x, call.floats(1), y);
}

/// (dy, filter) -> dx.
void compute_convolution_input_gradient(KernelCall& call, void*) {
  input_gradient_calls++;
  const ConvolutionShape shape = convolution_shape(call.shape(0), call.shape(1));
  const float* dy = call.values_of_shape(0, {shape.batch, shape.height, shape.width, shape.outputs});
  float* dx = call.allocate(0, {shape.batch, shape.height, shape.width, shape.inputs});
  convolution_input_gradient(*kernels().winograd, shape, dy, call.floats(1), dx);
}

/// (x, dy) -> d filter.
void compute_convolution_filter_gradient(KernelCall& call, void*) {
  filter_gradient_calls++;
  const std::vector<std::int64_t> images = call.shape(0);
  const ConvolutionShape shape = convolution_shape(images, channels_of(images), channels_of(call.shape(1)));
  const float* dy = call.values_of_shape(1, {shape.batch, shape.height, shape.width, shape.outputs});
  float* d_filter = call.allocate(0, {kFilterSide, kFilterSide, shape.inputs, shape.outputs});
  convolution_filter_gradient(*kernels().winograd, shape, call.floats(0), dy, d_filter);
}

template <void (*body)(KernelCall&, void*)>
void compute(void* attributes, TF_OpKernelContext* context) {
  run_kernel(context, body, attributes);
}

void* create_normalization(TF_OpKernelConstruction* construction) {
  const OwnedStatus status(TF_NewStatus());
  auto attributes = std::make_unique<NormalizationAttributes>();
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &attributes->epsilon, status.get());
  if (TF_GetCode(status.get()) == TF_OK)
    TF_OpKernelConstruction_GetAttrFloat(construction, "rate", &attributes->rate, status.get());
  if (TF_GetCode(status.get()) != TF_OK) TF_OpKernelConstruction_Failure(construction, status.get());
  return attributes.release();
}

void delete_normalization(void* attributes) { delete static_cast<NormalizationAttributes*>(attributes); }

struct Definition {
  const char* name;
  std::vector<const char*> attributes;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  void (*compute)(void*, TF_OpKernelContext*);
  void* (*create)(TF_OpKernelConstruction*) = nullptr;
  void (*destroy)(void*) = nullptr;
};

void register_one(const Definition& definition) {
  const OwnedStatus status(TF_NewStatus());
  const auto check = [&] {
    if (TF_GetCode(status.get()) != TF_OK)
      throw std::runtime_error(std::string(definition.name) + ": " + TF_Message(status.get()));
  };
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(definition.name);
  for (const char* attribute : definition.attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char* input : definition.inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char* output : definition.outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, &TF_ShapeInferenceContextSetUnknownShape);
  TF_OpDefinitionBuilderSetIsStateful(builder, true);
  TF_RegisterOpDefinition(builder, status.get());
  check();
  TF_KernelBuilder* kernel =
      TF_NewKernelBuilder(definition.name, "CPU", definition.create, definition.compute, definition.destroy);
  TF_RegisterKernelBuilder(definition.name, kernel, status.get());
  check();
}

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> all = {
      {"ActivationSearchProgram",
       {"N: int >= 1", "M: int >= 1"},
       {"program: int32", "operands: N * float"},
       {"results: M * float"},
       compute<compute_program>},
      {"ActivationSearchNormalized",
       {"N: int >= 5", "epsilon: float", "rate: float"},
       {"program: int32", "operands: N * float"},
       {"y: float", "mean: float", "deviation: float"},
       compute<compute_normalized>,
       create_normalization,
       delete_normalization},
      {"ActivationSearchNormalizedGradient",
       {"N: int >= 6", "M: int >= 3"},
       {"program: int32", "operands: N * float"},
       {"results: M * float"},
       compute<compute_normalized_gradient>},
      {"ActivationSearchSgd",
       {"N: int >= 1"},
       {"settings: float", "decays: float", "state: float", "parameters: N * float", "gradients: N * float"},
       {},
       compute<compute_sgd>},
      {"ActivationSearchAdam",
       {"N: int >= 1"},
       {"settings: float", "decays: float", "state: float", "parameters: N * float", "gradients: N * float"},
       {},
       compute<compute_adam>},
      {"ActivationSearchConvolution", {}, {"x: float", "filter: float"}, {"y: float"}, compute<compute_convolution>},
      {"ActivationSearchConvolutionInputGradient",
       {},
       {"dy: float", "filter: float"},
       {"dx: float"},
       compute<compute_convolution_input_gradient>},
      {"ActivationSearchConvolutionFilterGradient",
       {},
       {"x: float", "dy: float"},
       {"d_filter: float"},
       compute<compute_convolution_filter_gradient>},
  };
  return all;
}

}  // namespace

void register_operations() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (const Definition& definition : definitions()) register_one(definition);
  });
}

CallCounts call_counts() { 
  return {program_calls, normalized_calls,  gradient_calls,       sgd_calls,
          adam_calls,    convolution_calls, input_gradient_calls, filter_gradient_calls};
}

}  // namespace activation_search
