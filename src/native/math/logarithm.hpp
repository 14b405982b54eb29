// log, log1p and softplus by x = 2^k (1 + f).
#pragma once

#include "exponential.hpp"

namespace INSTRUCTION_SET {

/// log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)].
inline float log1p_reduced(float f) {
  float p = -0.0763643906f;
  p = p * f + 0.127622172f;
  p = p * f - 0.131596103f;
  p = p * f + 0.1420158f;
  p = p * f - 0.166234091f;
  p = p * f + 0.200012416f;
  p = p * f - 0.250008196f;
  p = p * f + 0.333333313f;
  const float square = f * f;
  return f + (square * f * p - 0.5f * square);
}

/// log(2^k (1 + f)).
inline float log_of(float k, float f) { return k * 0.693359375f + (log1p_reduced(f) - k * 2.12194440e-4f); }

/// k of x = 2^k m with m in [sqrt(1/2), sqrt(2)), for a positive normal x; anything for others.
inline std::int32_t binary_exponent(float x) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits(x)) - 0x3f3504f3u) >> 23;
}

/// Natural logarithm: at most 1.5 ulp; -infinity at 0, NaN below.
inline float log(float x) {
  const bool denormal = x < 1.17549435e-38f;
  const float scaled = denormal ? x * 8388608.0f : x;
  const std::int32_t exponent = binary_exponent(scaled);
  const float f = from_bits(bits(scaled) - shift_left(exponent, 23)) - 1.0f;
  const float k = static_cast<float>(exponent) - (denormal ? 23.0f : 0.0f);
  float y = log_of(k, f);
  y = x > 0.0f ? y : (x == 0.0f ? -kInfinity : kQuietNan);
  return x < kInfinity ? y : x;
}

/// log(1 + x): at most 1.5 ulp; -infinity at -1, NaN below.
inline float log1p(float x) {
  const float u = 1.0f + x;
  const std::int32_t exponent = binary_exponent(u);
  // 1 + x = 2^k (1 + f) without the rounding of 1 + x: f = 2^-k x + (2^-k - 1).
  const std::int32_t half = exponent >> 1;
  const float first = power_of_two(-half);
  const float second = power_of_two(half - exponent);
  const float f = (x * first) * second + (first * second - 1.0f);
  float y = log_of(static_cast<float>(exponent), f);
  y = u > 0.0f ? y : (u == 0.0f ? -kInfinity : kQuietNan);
  return x < kInfinity ? y : x;
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|): at most 2 ulp.
inline float softplus(float x) {
  const float e = exp(-absolute(x));
  const bool upper = e > 0.414213562f;
  const float f = upper ? 0.5f * (e - 1.0f) : e;
  const float y = log1p_reduced(f) + (upper ? kLn2 : 0.0f);
  return (x < 0.0f ? 0.0f : x) + y;
}

}  // namespace INSTRUCTION_SET
