/*
 * Swish: x*sigmoid(beta*x)
 * Exported by activation-search on 2026-11-25.
 */

#ifndef SWISH_H
#define SWISH_H

#include <math.h>

/* Where the parameters start. */
#define SWISH_BETA 1.0f

static inline float swish_sigmoid(float a) {
    return a >= 0.0f ? 1.0f / (1.0f + expf(-a)) : expf(a) / (1.0f + expf(a));
}

static inline float swish(float x, float beta) {
    return x * swish_sigmoid(beta * x);
}

static inline float swish_dx(float x, float beta) {
    const float sigmoid_1 = swish_sigmoid(beta * x);
    return sigmoid_1 + x * beta * sigmoid_1 * (1.0f - sigmoid_1);
}

static inline float swish_dbeta(float x, float beta) {
    const float sigmoid_1 = swish_sigmoid(beta * x);
    return x * x * sigmoid_1 * (1.0f - sigmoid_1);
}

#endif
