"""SiLU: x*sigmoid(x)

Exported by activation-search on 2026-11-25.
"""

import jax


def silu(x):
    """x*sigmoid(x) of an array x."""
    return jax.nn.silu(x)
