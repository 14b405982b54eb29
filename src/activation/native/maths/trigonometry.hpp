// sin, cos, sinc and its derivative by x = n pi + r; atan.
#pragma once

#include "floats.hpp"

namespace INSTRUCTION_SET {

/// Above this the reduction of sin and cos loses bits; the caller takes the C library's functions there.
constexpr float kTrigonometricLimit = 12500.0f;

/// sin r for |r| <= pi/2.
inline float sin_reduced(float r) {
  const float s = r * r;
  float p = 2.60608181e-06f;
  p = p * s - 0.000198097739f;
  p = p * s + 0.00833306927f;
  p = p * s - 0.166666597f;
  return r + r * (s * p);
}

/// x - n pi, pi in three parts of which the first two times n are exact.
inline float subtract_multiple_of_pi(float x, float n) {
  return ((x - n * 3.140625f) - n * 9.67502593994140625e-4f) - n * 1.509957990978376432e-7f;
}

/// Sine for |x| <= kTrigonometricLimit: at most 1.6 ulp, and 1e-9 absolute next to its zeros.
inline float sin(float x) {
  const float shifted = x * 0.318309886f + kRounder;
  const float y = sin_reduced(subtract_multiple_of_pi(x, shifted - kRounder));
  return from_bits(bits(y) ^ shift_left(bits(shifted), 31));
}

/// Cosine for |x| <= kTrigonometricLimit, as cos((n + 1/2) pi + r) = -(-1)^n sin r.
inline float cos(float x) {
  const float shifted = (x * 0.318309886f - 0.5f) + kRounder;
  const float y = sin_reduced(subtract_multiple_of_pi(x, (shifted - kRounder) + 0.5f));
  return from_bits(bits(y) ^ shift_left(~bits(shifted), 31));
}

/// sin x / x, 1 at 0, for |x| <= kTrigonometricLimit: at most 3 ulp, and 1e-9 absolute next to its zeros.
inline float sinc(float x) { return x == 0.0f ? 1.0f : sin(x) / x; }

/// The derivative of sinc, (cos x - sinc x) / x, for |x| <= kTrigonometricLimit, its series
/// where that cancels: 2e-7 absolute.
inline float dsinc(float x) {
  const float s = x * x;
  float series = 2.18307978e-05f;
  series = series * s - 0.00119060848f;
  series = series * s + 0.0333334506f;
  series = series * s - 0.333333343f;
  return absolute(x) < 1.0f ? series * x : (cos(x) - sin(x) / x) / x;
}

/// Arc tangent: at most 2 ulp.
inline float atan(float x) {
  const float magnitude = absolute(x);
  const bool large = magnitude > 1.0f;
  const float r = large ? 1.0f / magnitude : magnitude;
  const float s = r * r;
  float p = 0.00291972281f;
  p = p * s - 0.016364133f;
  p = p * s + 0.0432058573f;
  p = p * s - 0.0755172372f;
  p = p * s + 0.106657855f;
  p = p * s - 0.142110035f;
  p = p * s + 0.199937671f;
  p = p * s - 0.333331525f;
  const float y = r + r * (s * p);
  return copy_sign(large ? 1.57079637f - (y + 4.37113883e-8f) : y, x);
}

}  // namespace INSTRUCTION_SET
