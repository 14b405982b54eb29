"""GELU: 0.5*x*(1 + erf(x/sqrt(2)))

Exported by activation-search on 2026-11-25.
"""

import jax
from flax import nnx


def gelu(x):
    """0.5*x*(1 + erf(x/sqrt(2))) of an array x."""
    return jax.nn.gelu(x, approximate=False)


class GELU(nnx.Module):
    """0.5*x*(1 + erf(x/sqrt(2))), without parameters."""

    def __call__(self, x):
        return gelu(x)
