// exp, expm1 and sigmoid by x = n ln 2 + r.
#pragma once

#include "floats.hpp"

namespace INSTRUCTION_SET {

/// x = n ln 2 + r with |r| <= ln(2)/2, for |x| <= 90. The low nine bits of `biased` are n + bias: shifted to
/// the exponent's place they make a power of two.
struct Reduced {
  std::int32_t biased;
  float r;
};

template <int bias>
inline Reduced reduce_exponent(float x) {
  const float shifted = x * 1.44269504f + (kRounder + bias);
  const float n = shifted - (kRounder + bias);
  // 355/512 has nine bits, so n * 355/512 is exact.
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  return {bits(shifted), r};
}

/// 2^(n + bias - 127).
inline float scale_of(std::int32_t biased) { return from_bits(shift_left(biased, 23)); }

/// e^r - 1 for |r| <= ln(2)/2.
inline float expm1_reduced(float r) {
  float q = 0.00138207444f;
  q = q * r + 0.00836924836f;
  q = q * r + 0.041668281f;
  q = q * r + 0.166665167f;
  q = q * r + 0.49999994f;
  return r + r * r * q;
}

/// 2^k e^x for k = 0 or -1: at most 1 ulp; results below 1.7e-38 are 0.
template <int k>
inline float exp_times_power_of_two(float x) {
  const Reduced z = reduce_exponent<126 + k>(x > 89.5f ? 89.5f : x);
  const float p = 1.0f + expm1_reduced(z.r);
  const float y = (p + p) * scale_of(z.biased);
  return x < -86.98f ? 0.0f : y;
}

inline float exp(float x) { return exp_times_power_of_two<0>(x); }

/// e^x - 1: at most 1.5 ulp.
inline float expm1(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -18.0f ? -18.0f : x;
  const Reduced z = reduce_exponent<126>(x);
  float q = 0.000197669942f;
  q = q * z.r + 0.00139332283f;
  q = q * z.r + 0.00833354145f;
  q = q * z.r + 0.0416664854f;
  q = q * z.r + 0.166666657f;
  q = q * z.r + 0.5f;
  const float m = z.r + z.r * z.r * q;
  // s (1 + m) - 1/2 with s = 2^(n-1), doubled: 2^128 itself is not a float.
  const float s = scale_of(z.biased);
  const float y = s * m + (s - 0.5f);
  return y + y;
}

/// 1 / (1 + e^-x): at most 2.3 ulp where the result is above 1e-38, 0 below -88.8.
inline float sigmoid(float x) { return 1.0f / (1.0f + exp(-x)); }

}  // namespace INSTRUCTION_SET
