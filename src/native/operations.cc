#include "operations.hpp"

#include <atomic>
#include <mutex>

#include "operation-bodies.hpp"
#include "tensorflow/c/ops.h"

namespace activation_search {

namespace {

using Body = void(KernelCall&, void* attributes);

template <Body body>
std::atomic<std::int64_t> calls_of;

template <Body body>
void compute(void* attributes, TF_OpKernelContext* context) {
  calls_of<body>++;
  run_kernel(context, body, attributes);
}

/// Makes the attributes of a kernel, which `read` reads.
template <typename Attributes, void (*read)(TF_OpKernelConstruction*, Attributes&, TF_Status*)>
void* create(TF_OpKernelConstruction* construction) {
  const OwnedStatus status(TF_NewStatus());
  auto attributes = std::make_unique<Attributes>();
  read(construction, *attributes, status.get());
  if (TF_GetCode(status.get()) != TF_OK) TF_OpKernelConstruction_Failure(construction, status.get());
  return attributes.release();
}

template <typename Attributes>
void destroy(void* attributes) {
  delete static_cast<Attributes*>(attributes);
}

void read_normalization(TF_OpKernelConstruction* construction, NormalizationAttributes& attributes, TF_Status* status) {
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &attributes.epsilon, status);
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction, "rate", &attributes.rate, status);
}

void read_convolution(TF_OpKernelConstruction* construction, ConvolutionAttributes& attributes, TF_Status* status) {
  TF_OpKernelConstruction_GetAttrInt64(construction, "stride", &attributes.stride, status);
}

constexpr auto create_normalization = create<NormalizationAttributes, read_normalization>;
constexpr auto create_convolution = create<ConvolutionAttributes, read_convolution>;

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
       destroy<NormalizationAttributes>},
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
      {"ActivationSearchConvolution",
       {"stride: int >= 1"},
       {"x: float", "filter: float"},
       {"y: float"},
       compute<compute_convolution>,
       create_convolution,
       destroy<ConvolutionAttributes>},
      {"ActivationSearchConvolutionInputGradient",
       {"stride: int >= 1"},
       {"x: float", "filter: float", "dy: float"},
       {"dx: float"},
       compute<compute_convolution_input_gradient>,
       create_convolution,
       destroy<ConvolutionAttributes>},
      {"ActivationSearchConvolutionFilterGradient",
       {"stride: int >= 1"},
       {"x: float", "filter: float", "dy: float"},
       {"d_filter: float"},
       compute<compute_convolution_filter_gradient>,
       create_convolution,
       destroy<ConvolutionAttributes>},
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
  return {calls_of<compute_program>,
          calls_of<compute_normalized>,
          calls_of<compute_normalized_gradient>,
          calls_of<compute_sgd>,
          calls_of<compute_adam>,
          calls_of<compute_convolution>,
          calls_of<compute_convolution_input_gradient>,
          calls_of<compute_convolution_filter_gradient>};
}

}  // namespace activation_search
