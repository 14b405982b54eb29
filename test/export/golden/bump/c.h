/*
 * Bump: x*exp(-beta*|x|^1.5)
 * Exported by activation-search on 2026-11-25.
 */

#ifndef BUMP_H
#define BUMP_H

#include <math.h>

/* Where the parameters start. */
#define BUMP_BETA 1.0f

static inline float bump_sign(float a) {
    return a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : a;
}

static inline float bump_masked(float a, float b) {
    return b == 0.0f ? 0.0f : a * b;
}

static inline float bump(float x, float beta) {
    return x * expf(-beta * powf(fabsf(x), 1.5f));
}

static inline float bump_dx(float x, float beta) {
    const float abs_1 = fabsf(x);
    const float exp_1 = expf(-beta * powf(abs_1, 1.5f));
    return exp_1 + bump_masked(-1.5f * beta * bump_sign(x) * powf(abs_1, 0.5f) * exp_1, x);
}

static inline float bump_dbeta(float x, float beta) {
    const float pow_1 = powf(fabsf(x), 1.5f);
    return -bump_masked(pow_1 * expf(-beta * pow_1), x);
}

#endif
