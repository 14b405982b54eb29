// Chooses the compiled version of the arithmetic that runs on this machine.
#pragma once

#include <string>
#include <vector>

#include "tile-kernels.hpp"

namespace activation_search {

/// Versions that this processor can run, the fastest first.
std::vector<const TileKernels*> usable_kernels();

/// The version in use: the fastest usable one unless another was chosen.
const TileKernels& kernels();

/// Chooses a version by name. Returns false, and changes nothing, where it is unknown or the processor cannot
/// run it.
bool choose_kernels(const std::string& name);

}  // namespace activation_search
