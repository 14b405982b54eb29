#include "optimizers.hpp"

#include <cmath>

namespace activation_search {

namespace {

float l2_of(const ParameterSlice& parameter, StepRule rule) { return rule.decoupled ? 0.0f : parameter.decay; }

float shrink_of(const ParameterSlice& parameter, StepRule rule) {
  return rule.decoupled ? 1.0f - rule.learning_rate * parameter.decay : 1.0f;
}

}  // namespace

void sgd_step(const TileKernels& kernels, const std::vector<ParameterSlice>& parameters, float* velocity, StepRule rule,
              float momentum, bool nesterov) {
  for (const ParameterSlice& parameter : parameters) {
    const SgdRule sgd = {rule.learning_rate, momentum, l2_of(parameter, rule), shrink_of(parameter, rule), nesterov};
    kernels.sgd(parameter.weights, parameter.gradient, velocity, sgd, parameter.size);
    velocity += parameter.size;
  }
}

void adam_step(const TileKernels& kernels, const std::vector<ParameterSlice>& parameters, float* moments, StepRule rule,
               float beta1, float beta2, float epsilon, double step) {
  // m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) with the corrections taken out of the loop.
  const double root = std::sqrt(1.0 - std::pow(static_cast<double>(beta2), step));
  const float rate = static_cast<float>(rule.learning_rate * root / (1.0 - std::pow(static_cast<double>(beta1), step)));
  std::int64_t total = 0;
  for (const ParameterSlice& parameter : parameters) total += parameter.size;
  float* first = moments;
  float* second = moments + total;
  for (const ParameterSlice& parameter : parameters) {
    const AdamRule adam = {rate, beta1, beta2, static_cast<float>(epsilon * root), l2_of(parameter, rule),
                           shrink_of(parameter, rule)};
    kernels.adam(parameter.weights, parameter.gradient, first, second, adam, parameter.size);
    first += parameter.size;
    second += parameter.size;
  }
}

}  // namespace activation_search
