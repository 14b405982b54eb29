"""Bump: x*exp(-beta*|x|^1.5)

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp
from flax import nnx


@jax.custom_jvp
def bump(x, beta):
    """x*exp(-beta*|x|^1.5) of an array x; beta broadcasts against it."""
    return x * jnp.exp(-beta * jnp.power(jnp.abs(x), 1.5))


@bump.defjvp
def _bump_jvp(primals, tangents):
    """Its own derivative: autodiff's would differ where it multiplies 0 by infinity."""
    x, beta = primals
    x_dot, beta_dot = tangents
    abs_1 = jnp.abs(x)
    pow_1 = jnp.power(abs_1, 1.5)
    exp_1 = jnp.exp(-beta * pow_1)
    masked_1 = jnp.where(x == 0, 0.0, (-1.5 * beta * jnp.sign(x) * jnp.power(abs_1, 0.5) * exp_1) * x)
    dx = exp_1 + masked_1
    dbeta = -jnp.where(x == 0, 0.0, (pow_1 * exp_1) * x)
    value = bump(x, beta)
    return value, dx * x_dot + dbeta * beta_dot


class Bump(nnx.Module):
    """x*exp(-beta*|x|^1.5) with beta trained.

    One value for all channels, or one for each with num_parameters = channels; channel_axis is their dimension.
    """

    def __init__(self, num_parameters=1, channel_axis=-1, *, rngs=None, param_dtype=jnp.float32):
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.beta = nnx.Param(jnp.full((num_parameters,), 1.0, param_dtype))

    def __call__(self, x):
        return bump(x, self._per_channel(self.beta, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.ndim
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter[...].astype(x.dtype).reshape(shape)
