// erf and erfc.
#pragma once

#include "exponential.hpp"

namespace INSTRUCTION_SET {

/// Error function: at most 1.5 ulp.
inline float erf(float x) {
  const float magnitude = absolute(x);
  const float t = magnitude > 3.95f ? 3.95f : magnitude;
  // From 0.92 on: 1 - exp(-(t + t q(t))).
  float q = -0.000213991167f;
  q = q * t + 0.00321499095f;
  q = q * t - 0.0228900388f;
  q = q * t + 0.105261914f;
  q = q * t + 0.635718286f;
  q = q * t + 0.128514364f;
  const Reduced z = reduce_exponent<127>(-(t + t * q));
  const float large = 1.0f - (1.0f + expm1_reduced(z.r)) * scale_of(z.biased);
  const float s = t * t;
  float p = -0.000596982543f;
  p = p * s + 0.00498935441f;
  p = p * s - 0.0267643128f;
  p = p * s + 0.112817667f;
  p = p * s - 0.376124918f;
  p = p * s + 0.128379151f;
  return copy_sign(magnitude > 0.9235f ? large : t + t * p, x);
}

/// e^(x^2) erfc(x) for x in [0, 10.2] as a polynomial in t = 1 / (1 + 0.4 x).
inline float scaled_erfc(float x) {
  const float t = 1.0f / (1.0f + 0.4f * x);
  float p = -0.0292076077f;
  p = p * t + 0.195912927f;
  p = p * t - 0.493872792f;
  p = p * t + 0.540849626f;
  p = p * t - 0.278889775f;
  p = p * t + 0.269126922f;
  p = p * t + 0.130695447f;
  p = p * t + 0.214701504f;
  p = p * t + 0.224978194f;
  p = p * t + 0.225705564f;
  return p * t;
}

/// 1 - erf(x) without its cancellation: at most 7 ulp, 0 above 9.32.
inline float erfc(float x) {
  const float magnitude = absolute(x);
  const float t = magnitude > 10.2f ? 10.2f : magnitude;
  // e^-t^2 keeps its digits if the rounding of t^2 is made good; t = high + low with an exact high^2.
  const float high = from_bits(bits(t) & static_cast<std::int32_t>(0xfffff000u));
  const float low = t - high;
  const float e = exp(-high * high) * exp(-low * (t + high));
  const float y = e * scaled_erfc(t);
  return x < 0.0f ? 2.0f - y : y;
}

}  // namespace INSTRUCTION_SET
