"""ReLU: max(x, 0)

Exported by activation-search on 2026-11-25.
"""

import jax.numpy as jnp


def relu(x):
    """max(x, 0) of an array x."""
    return jnp.maximum(x, 0)
