/*
 * ReLU: max(x, 0)
 * Exported by activation-search on 2026-11-25.
 */

#ifndef RELU_H
#define RELU_H

#include <math.h>

static inline float relu_max(float a, float b) {
    return a > b || a != a ? a : b;
}

static inline float relu_sign(float a) {
    return a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : a;
}

static inline float relu(float x) {
    return relu_max(x, 0.0f);
}

static inline float relu_dx(float x) {
    return (relu_sign(x) + 1.0f) / 2.0f;
}

#endif
