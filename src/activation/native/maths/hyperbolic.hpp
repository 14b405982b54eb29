// Hyperbolic functions by way of exp, expm1 and log1p.
#pragma once

#include "exponential.hpp"
#include "logarithm.hpp"

namespace INSTRUCTION_SET {

/// tanh x = (e^2x - 1) / (e^2x + 1): at most 3 ulp.
inline float tanh(float x) {
  x = x > 9.1f ? 9.1f : x;
  x = x < -9.1f ? -9.1f : x;
  const Reduced z = reduce_exponent<127>(x + x);
  const float m = expm1_reduced(z.r);
  const float s = scale_of(z.biased);
  return (s * m + (s - 1.0f)) / (s * m + (s + 1.0f));
}

/// Hyperbolic sine: at most 2 ulp.
inline float sinh(float x) {
  const float magnitude = absolute(x);
  const float m = expm1(magnitude);
  const float small = 0.5f * (m + m / (m + 1.0f));
  return copy_sign(magnitude > 9.0f ? exp_times_power_of_two<-1>(magnitude) : small, x);
}

/// Hyperbolic cosine: at most 1.6 ulp.
inline float cosh(float x) {
  const float half = exp_times_power_of_two<-1>(absolute(x));
  return half + 0.25f / half;
}

/// Inverse hyperbolic sine = log(|x| + sqrt(x^2 + 1)) with the sign of x: at most 2.5 ulp.
inline float asinh(float x) {
  const float magnitude = absolute(x);
  const bool large = magnitude > 268435456.0f;
  const float square = large ? 0.0f : magnitude * magnitude;
  const float y = log1p(magnitude + square / (1.0f + __builtin_sqrtf(1.0f + square)));
  return copy_sign(large ? y + kLn2 : y, x);
}

}  // namespace INSTRUCTION_SET
