/*
 * Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))
 * Exported by activation-search on 2026-11-25.
 */

#ifndef WAVE_H
#define WAVE_H

#include <math.h>

/* Where the parameters start. */
#define WAVE_LAMBDA_ 0.5f
#define WAVE_GAMMA 0.0f

static inline float wave_sinc(float a) {
    return a == 0.0f ? 1.0f : sinf(a) / a;
}

/* The derivative of sin(a)/a, by its series below 1 where the quotient cancels. */
static inline float wave_dsinc(float a) {
    const float s = a * a;
    if (!(fabsf(a) < 1.0f)) return (cosf(a) - sinf(a) / a) / a;
    return a * (-1.0f / 3 + s * (1.0f / 30 - s * (1.0f / 840 - s * (1.0f / 45360 - s / 3991680))));
}

static inline float wave_min(float a, float b) {
    return a < b || a != a ? a : b;
}

static inline float wave_sign(float a) {
    return a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : a;
}

static inline float wave(float x, float lambda_, float gamma) {
    return wave_min(x, wave_sinc(lambda_ * x + gamma));
}

static inline float wave_dx(float x, float lambda_, float gamma) {
    const float add_1 = lambda_ * x + gamma;
    const float sinc_1 = wave_sinc(add_1);
    return (wave_sign(sinc_1 - x) + 1.0f) / 2.0f + lambda_ * wave_dsinc(add_1) * ((wave_sign(x - sinc_1) + 1.0f) / 2.0f);
}

static inline float wave_dlambda_(float x, float lambda_, float gamma) {
    const float add_1 = lambda_ * x + gamma;
    return x * wave_dsinc(add_1) * ((wave_sign(x - wave_sinc(add_1)) + 1.0f) / 2.0f);
}

static inline float wave_dgamma(float x, float lambda_, float gamma) {
    const float add_1 = lambda_ * x + gamma;
    return wave_dsinc(add_1) * ((wave_sign(x - wave_sinc(add_1)) + 1.0f) / 2.0f);
}

#endif
