#include "instruction-set.hpp"

#include <atomic>

#if defined(__x86_64__)
namespace avx512 { extern const activation_search::TileKernels kKernels; }
namespace avx2 { extern const activation_search::TileKernels kKernels; }
namespace sse2 { extern const activation_search::TileKernels kKernels; }
#else
namespace plain { extern const activation_search::TileKernels kKernels; }
#endif

namespace activation_search {

namespace {

std::atomic<const TileKernels*>& current() {
  static std::atomic<const TileKernels*> kernels{usable_kernels().front()};
  return kernels;
}

}  // namespace

std::vector<const TileKernels*> usable_kernels() {
  std::vector<const TileKernels*> usable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
    usable.push_back(&avx512::kKernels);
  if (has_avx2) usable.push_back(&avx2::kKernels);
  usable.push_back(&sse2::kKernels);
#else
  usable.push_back(&plain::kKernels);
#endif
  return usable;
}

const TileKernels& kernels() { return *current().load(std::memory_order_relaxed); }

bool choose_kernels(const std::string& name) {
  for (const TileKernels* candidate : usable_kernels()) {
    if (name != candidate->name) continue;
    current().store(candidate, std::memory_order_relaxed);
    return true;
  }
  return false;
}

}  // namespace activation_search
