// The Node addon: registers the operations when it is loaded; reports and chooses the instruction set.
#include <node_api.h>

#include <cstring>
#include <stdexcept>
#include <string>

#include "instruction-set.hpp"
#include "operations.hpp"
#include "program.hpp"
#include "run-program.hpp"

namespace {

using namespace activation_search;

napi_value text(napi_env env, const std::string& value) {
  napi_value result = nullptr;
  napi_create_string_utf8(env, value.c_str(), value.size(), &result);
  return result;
}

napi_value list(napi_env env, const std::vector<std::string>& values) {
  napi_value result = nullptr;
  napi_create_array_with_length(env, values.size(), &result);
  for (std::size_t i = 0; i < values.size(); i++)
    napi_set_element(env, result, static_cast<std::uint32_t>(i), text(env, values[i]));
  return result;
}

napi_value argument(napi_env env, napi_callback_info info) {
  napi_value value = nullptr;
  std::size_t count = 1;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  return value;
}

/// instructionSets(): names of the instruction sets that this machine can run, the fastest first.
napi_value instruction_sets(napi_env env, napi_callback_info) {
  std::vector<std::string> names;
  for (const TileKernels* usable : usable_kernels()) names.emplace_back(usable->name);
  return list(env, names);
}

/// instructionSet(): the name of the one in use.
napi_value instruction_set(napi_env env, napi_callback_info) { return text(env, kernels().name); }

/// chooseInstructionSet(name): uses it from now on; returns false where this machine cannot run it.
napi_value choose_instruction_set(napi_env env, napi_callback_info info) {
  char name[32] = "";
  std::size_t length = 0;
  napi_get_value_string_utf8(env, argument(env, info), name, sizeof name, &length);
  napi_value result = nullptr;
  napi_get_boolean(env, choose_kernels(name), &result);
  return result;
}

/// layout(): version and instructions of the programs that the interpreter can run. The compiler compares it
/// with its own.
napi_value layout(napi_env env, napi_callback_info) { return text(env, kProgramLayout); }

/// problemOf(words: Int32Array): what is wrong with a serialized program, or ''.
napi_value problem_of(napi_env env, napi_callback_info info) {
  napi_typedarray_type type = napi_int8_array;
  std::size_t count = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, argument(env, info), &type, &count, &data, nullptr, nullptr) != napi_ok ||
      type != napi_int32_array) {
    napi_throw_type_error(env, nullptr, "an Int32Array is needed");
    return nullptr;
  }
  Program program;
  return text(env, decode_program(static_cast<const std::int32_t*>(data), count, program));
}

/// calls(): how often each kernel has run.
napi_value calls(napi_env env, napi_callback_info) {
  const CallCounts counts = call_counts();
  napi_value result = nullptr;
  napi_create_object(env, &result);
  const auto put = [&](const char* name, std::int64_t count) {
    napi_value value = nullptr;
    napi_create_int64(env, count, &value);
    napi_set_named_property(env, result, name, value);
  };
  put("program", counts.program);
  put("normalized", counts.normalized);
  put("normalizedGradient", counts.normalized_gradient);
  put("sgd", counts.sgd);
  put("adam", counts.adam);
  put("convolution", counts.convolution);
  put("convolutionInputGradient", counts.convolution_input_gradient);
  put("convolutionFilterGradient", counts.convolution_filter_gradient);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  try {
    register_operations();
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
    return exports;
  }
  const auto put = [&](const char* name, napi_callback function) {
    napi_value value = nullptr;
    napi_create_function(env, name, std::strlen(name), function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  };
  put("instructionSets", instruction_sets);
  put("instructionSet", instruction_set);
  put("chooseInstructionSet", choose_instruction_set);
  put("layout", layout);
  put("problemOf", problem_of);
  put("calls", calls);
  return exports;
}
