// What the elementary functions in this folder are made of. They are straight-line code in float32: no
// branch, no table, no library call, so that the compiler turns a loop over any of them into the widest
// vector instructions of its target. NaN passes through; for infinities and denormals the result is that of
// the exact function, rounded, unless said otherwise. Errors are in units in the last place of the result
// over all float32 arguments, on every instruction set. All is in the namespace INSTRUCTION_SET, because the
// same code is compiled once for each.
//
// The polynomials are minimax fits of relative error (Lawson's reweighted least squares; coefficients rounded
// to float32 from the lowest upwards, the higher ones fitted again after each).
#pragma once

#include <cstdint>

#ifndef INSTRUCTION_SET
#error "compile with -DINSTRUCTION_SET=name"
#endif

namespace INSTRUCTION_SET {

constexpr float kInfinity = __builtin_inff();
constexpr float kQuietNan = __builtin_nanf("");
constexpr float kLn2 = 0.69314718056f;
/// Adding 1.5 * 2^23 rounds to the nearest integer, which is then in the low bits of the sum.
constexpr float kRounder = 12582912.0f;

inline std::int32_t bits(float x) { return __builtin_bit_cast(std::int32_t, x); }
inline float from_bits(std::int32_t b) { return __builtin_bit_cast(float, b); }
/// Bits that leave at the top are lost, as they must be.
inline std::int32_t shift_left(std::int32_t b, int places) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(b) << places);
}
inline float absolute(float x) { return from_bits(bits(x) & 0x7fffffff); }
inline float copy_sign(float magnitude, float sign) {
  return from_bits((bits(magnitude) & 0x7fffffff) | (bits(sign) & static_cast<std::int32_t>(0x80000000u)));
}
/// 2^n for n in [-126, 127].
inline float power_of_two(std::int32_t n) { return from_bits(shift_left(n + 127, 23)); }

}  // namespace INSTRUCTION_SET
