"""Snake: x + sin(alpha*x)^2/alpha

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp
from flax import nnx


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


class Snake(nnx.Module):
    """x + sin(alpha*x)^2/alpha with alpha trained.

    One value for all channels, or one for each with num_parameters = channels; channel_axis is their dimension.
    """

    def __init__(self, num_parameters=1, channel_axis=-1, *, rngs=None, param_dtype=jnp.float32):
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.alpha = nnx.Param(jnp.full((num_parameters,), 1.0, param_dtype))

    def __call__(self, x):
        return snake(x, self._per_channel(self.alpha, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.ndim
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter[...].astype(x.dtype).reshape(shape)
