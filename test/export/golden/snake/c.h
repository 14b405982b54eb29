/*
 * Snake: x + sin(alpha*x)^2/alpha
 * Exported by activation-search on 2026-11-25.
 */

#ifndef SNAKE_H
#define SNAKE_H

#include <math.h>

/* Where the parameters start. */
#define SNAKE_ALPHA 1.0f

static inline float snake(float x, float alpha) {
    const float sin_1 = sinf(alpha * x);
    return x + sin_1 * sin_1 / alpha;
}

static inline float snake_dx(float x, float alpha) {
    const float mul_1 = alpha * x;
    return 2.0f * alpha * cosf(mul_1) * sinf(mul_1) / alpha + 1.0f;
}

static inline float snake_dalpha(float x, float alpha) {
    const float mul_1 = alpha * x;
    const float sin_1 = sinf(mul_1);
    return 2.0f * x * cosf(mul_1) * sin_1 / alpha - sin_1 * sin_1 / alpha / alpha;
}

#endif
