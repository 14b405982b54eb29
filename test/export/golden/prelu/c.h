/*
 * PReLU: max(x, 0) + alpha[0.25]*min(x, 0)
 * Exported by activation-search on 2026-11-25.
 */

#ifndef PRELU_H
#define PRELU_H

#include <math.h>

/* Where the parameters start. */
#define PRELU_ALPHA 0.25f

static inline float prelu_max(float a, float b) {
    return a > b || a != a ? a : b;
}

static inline float prelu_min(float a, float b) {
    return a < b || a != a ? a : b;
}

static inline float prelu_sign(float a) {
    return a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : a;
}

static inline float prelu(float x, float alpha) {
    return prelu_max(x, 0.0f) + alpha * prelu_min(x, 0.0f);
}

static inline float prelu_dx(float x, float alpha) {
    return (prelu_sign(x) + 1.0f) / 2.0f + alpha * ((prelu_sign(-x) + 1.0f) / 2.0f);
}

static inline float prelu_dalpha(float x, float alpha) {
    (void)alpha;
    return prelu_min(x, 0.0f);
}

#endif
