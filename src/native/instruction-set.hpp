// Which of the compiled versions of the arithmetic runs on this machine.
#pragma once

#include <string>
#include <vector>

#include "tile-kernels.hpp"

namespace activation_search {

/// Versions that this processor can run, the fastest first.
std::vector<const TileKernels*> usable_kernels();

/// The version in use: the fastest usable one unless another was chosen.
const TileKernels& kernels();

/// Takes another version by name; false, and no change, where it is unknown or the processor cannot run it.
bool choose_kernels(const std::string& name);

}  // namespace activation_search
