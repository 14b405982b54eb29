"""Snake: x + sin(alpha*x)^2/alpha

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp


@jax.custom_jvp
def snake(x, alpha):
    """x + sin(alpha*x)^2/alpha of an array x; alpha broadcasts against it."""
    return x + jnp.square(jnp.sin(alpha * x)) / alpha


@snake.defjvp
def _snake_jvp(primals, tangents):
    """Its own derivative: autodiff's would differ where it multiplies 0 by infinity."""
    x, alpha = primals
    x_dot, alpha_dot = tangents
    mul_1 = alpha * x
    cos_1 = jnp.cos(mul_1)
    sin_1 = jnp.sin(mul_1)
    dx = 2 * alpha * cos_1 * sin_1 / alpha + 1
    dalpha = 2 * x * cos_1 * sin_1 / alpha - jnp.square(sin_1) / alpha / alpha
    value = snake(x, alpha)
    return value, dx * x_dot + dalpha * alpha_dot


def init_snake(shape=(), dtype=jnp.float32):
    """Snake's parameters as they start; used as snake(x, **parameters).

    The shape broadcasts against x: () is one value for all, (channels,) one for each channel if channels are last,
    (channels, 1, 1) if they are first.
    """
    return {
        "alpha": jnp.full(shape, 1.0, dtype),
    }
