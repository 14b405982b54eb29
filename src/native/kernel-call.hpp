// One call of a TensorFlow kernel through the C API: its inputs, its outputs, and its failure.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"

namespace activation_search {

/// The operands of a kernel are wrong; becomes TensorFlow's INVALID_ARGUMENT.
class InvalidArgument : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct TensorDeleter {
  void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); }
};
using OwnedTensor = std::unique_ptr<TF_Tensor, TensorDeleter>;

struct StatusDeleter {
  void operator()(TF_Status* status) const { TF_DeleteStatus(status); }
};
using OwnedStatus = std::unique_ptr<TF_Status, StatusDeleter>;

/// The tensors stay alive as long as the call.
class KernelCall {
 public:
  explicit KernelCall(TF_OpKernelContext* context);

  int inputs() const { return static_cast<int>(inputs_.size()); }
  int outputs() const { return TF_NumOutputs(context_); }

  /// float32 values; TensorFlow has checked the type.
  float* floats(int input) const { return static_cast<float*>(TF_TensorData(inputs_.at(input).get())); }
  const std::int32_t* words(int input) const { return static_cast<const std::int32_t*>(TF_TensorData(inputs_.at(input).get())); }
  std::int64_t count(int input) const { return TF_TensorElementCount(inputs_.at(input).get()); }
  std::vector<std::int64_t> shape(int input) const;

  /// The values of an input of shape [channels].
  float* channel_values(int input, std::int64_t channels) const;
  /// The values of an input of the given shape.
  const float* values_of_shape(int input, const std::vector<std::int64_t>& shape) const;
  float* allocate(int output, const std::vector<std::int64_t>& shape);
  /// Makes an input's memory the memory of an output: both hold what the kernel writes there.
  float* hand_on(int input, int output);

 private:
  TF_OpKernelContext* context_;
  OwnedStatus status_;
  std::vector<OwnedTensor> inputs_;
  std::vector<OwnedTensor> outputs_;
};

/// Runs `body` on the call; an exception becomes the operation's status.
void run_kernel(TF_OpKernelContext* context, void (*body)(KernelCall&, void* attributes), void* attributes);

/// Product of all but the last, and the last dimension of a shape of at least one.
std::int64_t rows_of(const std::vector<std::int64_t>& shape);
std::int64_t channels_of(const std::vector<std::int64_t>& shape);

}  // namespace activation_search
