"""PReLU: max(x, 0) + alpha[0.25]*min(x, 0)

Exported by activation-search on 2026-11-25.
"""

import jax.numpy as jnp


def prelu(x, alpha):
    """max(x, 0) + alpha[0.25]*min(x, 0) of an array x; alpha broadcasts against it."""
    return jnp.maximum(x, 0) + alpha * jnp.minimum(x, 0)


def init_prelu(shape=(), dtype=jnp.float32):
    """PReLU's parameters as they start; used as prelu(x, **parameters).

    The shape broadcasts against x: () is one value for all, (channels,) one for each channel if channels are last,
    (channels, 1, 1) if they are first.
    """
    return {
        "alpha": jnp.full(shape, 0.25, dtype),
    }
