"""GELU: 0.5*x*(1 + erf(x/sqrt(2)))

Exported by activation-search on 2026-11-25.
"""

import jax


def gelu(x):
    """0.5*x*(1 + erf(x/sqrt(2))) of an array x."""
    return jax.nn.gelu(x, approximate=False)
