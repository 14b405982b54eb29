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

/// Hyperbolic sine, below 1 by a polynomial because the difference cancels: at most 2 ulp.
inline float sinh(float x) {
  const float magnitude = absolute(x);
  const float half = exp_times_power_of_two<-1>(magnitude);
  const float large = half - 0.25f / half;
  const float s = magnitude * magnitude;
  float p = 2.80628024e-06f;
  p = p * s + 0.000198381022f;
  p = p * s + 0.00833333939f;
  p = p * s + 0.166666672f;
  return copy_sign(magnitude < 1.0f ? magnitude + magnitude * (s * p) : large, x);
}

/// Hyperbolic cosine: at most 1.6 ulp.
inline float cosh(float x) {
  const float half = exp_times_power_of_two<-1>(absolute(x));
  return half + 0.25f / half;
}

/// Inverse hyperbolic sine = log(|x| + sqrt(x^2 + 1)) with the sign of x, below 1 by a polynomial because the
/// sum is rounded: at most 2.5 ulp.
inline float asinh(float x) {
  const float magnitude = absolute(x);
  const float s = magnitude * magnitude;
  // From 2^14 on the square root is |x|, and the sum might not be a number any more.
  const bool large = magnitude > 16384.0f;
  const float u = large ? magnitude : magnitude + __builtin_sqrtf(s + 1.0f);
  const std::int32_t exponent = binary_exponent(u);
  const float f = from_bits(bits(u) - shift_left(exponent, 23)) - 1.0f;
  float y = log_of(static_cast<float>(exponent) + (large ? 1.0f : 0.0f), f);
  float p = 0.000871529977f;
  p = p * s - 0.00460146647f;
  p = p * s + 0.0116181783f;
  p = p * s - 0.0201326534f;
  p = p * s + 0.0298702456f;
  p = p * s - 0.0445828252f;
  p = p * s + 0.0749972314f;
  p = p * s - 0.166666642f;
  y = magnitude < 1.0f ? magnitude + magnitude * (s * p) : y;
  return copy_sign(magnitude < kInfinity ? y : magnitude, x);
}

}  // namespace INSTRUCTION_SET
