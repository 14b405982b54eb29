"""PReLU: max(x, 0) + alpha[0.25]*min(x, 0)

Exported by activation-search on 2026-11-25.
"""

import jax.numpy as jnp
from flax import nnx


def prelu(x, alpha):
    """max(x, 0) + alpha[0.25]*min(x, 0) of an array x; alpha broadcasts against it."""
    return jnp.maximum(x, 0) + alpha * jnp.minimum(x, 0)


class PReLU(nnx.Module):
    """max(x, 0) + alpha[0.25]*min(x, 0) with alpha trained.

    One value for all channels, or one for each with num_parameters = channels; channel_axis is their dimension.
    """

    def __init__(self, num_parameters=1, channel_axis=-1, *, rngs=None, param_dtype=jnp.float32):
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.alpha = nnx.Param(jnp.full((num_parameters,), 0.25, param_dtype))

    def __call__(self, x):
        return prelu(x, self._per_channel(self.alpha, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.ndim
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter[...].astype(x.dtype).reshape(shape)
