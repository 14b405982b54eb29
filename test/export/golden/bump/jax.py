"""Bump: x*exp(-beta*|x|^1.5)

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp


@jax.custom_jvp
def bump(x, beta):
    """x*exp(-beta*|x|^1.5) of an array x; beta broadcasts against it."""
    return x * jnp.exp(-beta * jnp.power(jnp.abs(x), 1.5))


@bump.defjvp
def _bump_jvp(primals, tangents):
    """Its own derivative: autodiff's would differ where it multiplies 0 by infinity."""
    x, beta = primals
    x_dot, beta_dot = tangents
    abs_1 = jnp.abs(x)
    pow_1 = jnp.power(abs_1, 1.5)
    exp_1 = jnp.exp(-beta * pow_1)
    masked_1 = jnp.where(x == 0, 0.0, (-1.5 * beta * jnp.sign(x) * jnp.power(abs_1, 0.5) * exp_1) * x)
    dx = exp_1 + masked_1
    dbeta = -jnp.where(x == 0, 0.0, (pow_1 * exp_1) * x)
    value = bump(x, beta)
    return value, dx * x_dot + dbeta * beta_dot


def init_bump(shape=(), dtype=jnp.float32):
    """Bump's parameters as they start; used as bump(x, **parameters).

    The shape broadcasts against x: () is one value for all, (channels,) one for each channel if channels are last,
    (channels, 1, 1) if they are first.
    """
    return {
        "beta": jnp.full(shape, 1.0, dtype),
    }
