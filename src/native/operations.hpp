// The operations that this addon adds to TensorFlow.
#pragma once

#include <cstdint>

namespace activation_search {

/// Registers them with TensorFlow, once a process. Throws std::runtime_error with TensorFlow's reason.
void register_operations();

/// How often each kernel has run in this process: shows that a path was really taken.
struct CallCounts {
  std::int64_t program;
  std::int64_t normalized;
  std::int64_t normalized_gradient;
  std::int64_t sgd;
  std::int64_t adam;
  std::int64_t convolution;
  std::int64_t convolution_input_gradient;
  std::int64_t convolution_filter_gradient;
};
CallCounts call_counts();

}  // namespace activation_search
