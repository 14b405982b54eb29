"""SiLU: x*sigmoid(x)

Exported by activation-search on 2026-11-25.
"""

import jax
from flax import nnx


def silu(x):
    """x*sigmoid(x) of an array x."""
    return jax.nn.silu(x)


class SiLU(nnx.Module):
    """x*sigmoid(x), without parameters."""

    def __call__(self, x):
        return silu(x)
