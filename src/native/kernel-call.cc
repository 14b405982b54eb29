#include "kernel-call.hpp"

#include <new>

namespace activation_search {

namespace {

void check(const TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) throw std::runtime_error(TF_Message(status));
}

std::string text(const std::vector<std::int64_t>& shape) {
  std::string list;
  for (const std::int64_t size : shape) list += (list.empty() ? "" : ",") + std::to_string(size);
  return "[" + list + "]";
}

}  // namespace

KernelCall::KernelCall(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {
  const int count = TF_NumInputs(context);
  inputs_.reserve(count);
  for (int i = 0; i < count; i++) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context, i, &tensor, status_.get());
    check(status_.get());
    inputs_.emplace_back(tensor);
  }
}

std::vector<std::int64_t> KernelCall::shape(int input) const {
  const TF_Tensor* tensor = inputs_.at(input).get();
  std::vector<std::int64_t> shape(TF_NumDims(tensor));
  for (std::size_t axis = 0; axis < shape.size(); axis++) shape[axis] = TF_Dim(tensor, static_cast<int>(axis));
  return shape;
}

float* KernelCall::channel_values(int input, std::int64_t channels) const {
  return const_cast<float*>(values_of_shape(input, {channels}));
}

const float* KernelCall::values_of_shape(int input, const std::vector<std::int64_t>& expected) const {
  const std::vector<std::int64_t> given = shape(input);
  if (given != expected)
    throw InvalidArgument("input " + std::to_string(input) + " has shape " + text(given) + ", not " + text(expected));
  return floats(input);
}

float* KernelCall::allocate(int output, const std::vector<std::int64_t>& shape) {
  std::size_t bytes = sizeof(float);
  for (const std::int64_t size : shape) bytes *= static_cast<std::size_t>(size);
  TF_Tensor* tensor = TF_AllocateOutput(context_, output, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes,
                                        status_.get());
  check(status_.get());
  outputs_.emplace_back(tensor);
  return static_cast<float*>(TF_TensorData(tensor));
}

float* KernelCall::hand_on(int input, int output) {
  TF_SetOutput(context_, output, inputs_.at(input).get(), status_.get());
  check(status_.get());
  return floats(input);
}

void run_kernel(TF_OpKernelContext* context, void (*body)(KernelCall&, void* attributes), void* attributes) {
  TF_Code code = TF_OK;
  std::string message;
  try {
    KernelCall call(context);
    body(call, attributes);
  } catch (const InvalidArgument& error) {
    code = TF_INVALID_ARGUMENT;
    message = error.what();
  } catch (const std::bad_alloc&) {
    code = TF_RESOURCE_EXHAUSTED;
    message = "out of memory";
  } catch (const std::exception& error) {
    code = TF_INTERNAL;
    message = error.what();
  }
  if (code == TF_OK) return;
  const OwnedStatus status(TF_NewStatus());
  TF_SetStatus(status.get(), code, message.c_str());
  TF_OpKernelContext_Failure(context, status.get());
}

std::int64_t channels_of(const std::vector<std::int64_t>& shape) {
  if (shape.empty()) throw InvalidArgument("a tensor of at least one dimension is needed");
  return shape.back();
}

std::int64_t rows_of(const std::vector<std::int64_t>& shape) {
  std::int64_t rows = 1;
  for (std::size_t axis = 0; axis + 1 < shape.size(); axis++) rows *= shape[axis];
  return rows;
}

}  // namespace activation_search
