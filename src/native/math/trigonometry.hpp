// sin, cos, sinc and its derivative by x = n pi + r; atan.
#pragma once

#include "floats.hpp"

namespace INSTRUCTION_SET {

/// Above this the reduction in float32 loses bits; the caller takes the functions in `wide` there.
constexpr float kTrigonometricLimit = 12500.0f;
/// Above this the reduction in float64 does; the caller takes the C library's functions there.
constexpr float kWideLimit = 268435456.0f;

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

/// Sine for |x| <= kTrigonometricLimit: at most 2.2 ulp, and 1e-9 absolute next to its zeros.
inline float sin(float x) {
  const float shifted = x * 0.318309886f + kRounder;
  const float y = sin_reduced(subtract_multiple_of_pi(x, shifted - kRounder));
  return from_bits(bits(y) ^ shift_left(bits(shifted), 31));
}

/// Cosine for |x| <= kTrigonometricLimit, as cos((n + 1/2) pi + r) = -(-1)^n sin r, within the same.
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

/// The same functions for |x| <= kWideLimit: x - n pi in float64, pi in three parts of which the first two
/// times n are exact, then the polynomial in float32. No bit of x is lost, so their bounds are those above.
namespace wide {

/// Adding 1.5 * 2^52 rounds to the nearest integer.
constexpr double kWideRounder = 6755399441055744.0;

inline double nearest(double x) { return (x + kWideRounder) - kWideRounder; }

/// 1 for even n, -1 for odd.
inline float sign_of_multiple(double n) {
  const double odd = n - 2.0 * nearest(0.5 * n);
  return static_cast<float>(1.0 - 2.0 * (odd * odd));
}

inline float subtract_multiple_of_pi(double x, double n) {
  constexpr double kFirst = 0x1.921fb4p+1, kSecond = 0x1.4442dp-23, kThird = 0x1.8469898cc5170p-47;
  return static_cast<float>(((x - n * kFirst) - n * kSecond) - n * kThird);
}

inline float sin(float x) {
  const double n = nearest(x * 0x1.45f306dc9c883p-2);
  return sign_of_multiple(n) * sin_reduced(subtract_multiple_of_pi(x, n));
}

inline float cos(float x) {
  const double n = nearest(x * 0x1.45f306dc9c883p-2 - 0.5);
  return -sign_of_multiple(n) * sin_reduced(subtract_multiple_of_pi(x, n + 0.5));
}

inline float sinc(float x) { return sin(x) / x; }
inline float dsinc(float x) { return (cos(x) - sin(x) / x) / x; }

}  // namespace wide

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
