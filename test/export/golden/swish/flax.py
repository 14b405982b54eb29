"""Swish: x*sigmoid(beta*x)

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp
from flax import nnx


def swish(x, beta):
    """x*sigmoid(beta*x) of an array x; beta broadcasts against it."""
    return x * jax.nn.sigmoid(beta * x)


class Swish(nnx.Module):
    """x*sigmoid(beta*x) with beta trained.

    One value for all channels, or one for each with num_parameters = channels; channel_axis is their dimension.
    """

    def __init__(self, num_parameters=1, channel_axis=-1, *, rngs=None, param_dtype=jnp.float32):
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.beta = nnx.Param(jnp.full((num_parameters,), 1.0, param_dtype))

    def __call__(self, x):
        return swish(x, self._per_channel(self.beta, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.ndim
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter[...].astype(x.dtype).reshape(shape)
