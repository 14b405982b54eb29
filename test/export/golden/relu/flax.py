"""ReLU: max(x, 0)

Exported by activation-search on 2026-11-25.
"""

import jax.numpy as jnp
from flax import nnx


def relu(x):
    """max(x, 0) of an array x."""
    return jnp.maximum(x, 0)


class ReLU(nnx.Module):
    """max(x, 0), without parameters."""

    def __call__(self, x):
        return relu(x)
