/*
 * SiLU: x*sigmoid(x)
 * Exported by activation-search on 2026-11-25.
 */

#ifndef SILU_H
#define SILU_H

#include <math.h>

static inline float silu_sigmoid(float a) {
    return a >= 0.0f ? 1.0f / (1.0f + expf(-a)) : expf(a) / (1.0f + expf(a));
}

static inline float silu(float x) {
    return x * silu_sigmoid(x);
}

static inline float silu_dx(float x) {
    const float sigmoid_1 = silu_sigmoid(x);
    return sigmoid_1 + x * sigmoid_1 * (1.0f - sigmoid_1);
}

#endif
