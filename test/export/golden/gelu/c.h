/*
 * GELU: 0.5*x*(1 + erf(x/sqrt(2)))
 * Exported by activation-search on 2026-11-25.
 */

#ifndef GELU_H
#define GELU_H

#include <math.h>

static inline float gelu(float x) {
    return 0.5f * x * erfcf(-x / 1.4142135623730951f);
}

static inline float gelu_dx(float x) {
    const float div_1 = x / 1.4142135623730951f;
    return 0.5f * erfcf(-div_1) + 0.39894228040143265f * expf(-div_1 * div_1) * x;
}

#endif
