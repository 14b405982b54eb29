"""Swish: x*sigmoid(beta*x)

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp


def swish(x, beta):
    """x*sigmoid(beta*x) of an array x; beta broadcasts against it."""
    return x * jax.nn.sigmoid(beta * x)


def init_swish(shape=(), dtype=jnp.float32):
    """Swish's parameters as they start; used as swish(x, **parameters).

    The shape broadcasts against x: () is one value for all, (channels,) one for each channel if channels are last,
    (channels, 1, 1) if they are first.
    """
    return {
        "beta": jnp.full(shape, 1.0, dtype),
    }
