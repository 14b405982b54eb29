"""Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp


def _dsinc(x):
    """The derivative of sin(x)/x, by its series below 1 where the quotient cancels."""
    s = jnp.square(x)
    series = 1 / 3991680 - s * (1 / 518918400 - s * (1 / 93405312000 - s / 22230464256000.0))
    series = -1 / 3 + s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s * series)))
    quotient = (jnp.cos(x) - jnp.sin(x) / x) / x
    return jnp.where(jnp.abs(x) < 1, x * series, quotient)


@jax.custom_jvp
def wave(x, lambda_, gamma):
    """min(x, sinc(lambda[0.5]*x + gamma[0])) of an array x; lambda_, gamma broadcast against it."""
    add_1 = lambda_ * x + gamma
    return jnp.minimum(x, jnp.where(add_1 == 0, 1.0, jnp.sin(add_1) / add_1))


@wave.defjvp
def _wave_jvp(primals, tangents):
    """Its own derivative: autodiff's would differ where it multiplies 0 by infinity."""
    x, lambda_, gamma = primals
    x_dot, lambda__dot, gamma_dot = tangents
    add_1 = lambda_ * x + gamma
    sinc_1 = jnp.where(add_1 == 0, 1.0, jnp.sin(add_1) / add_1)
    dsinc_1 = _dsinc(add_1)
    step_1 = (jnp.sign(x - sinc_1) + 1) / 2
    dx = (jnp.sign(sinc_1 - x) + 1) / 2 + lambda_ * dsinc_1 * step_1
    dlambda_ = x * dsinc_1 * step_1
    dgamma = dsinc_1 * step_1
    value = wave(x, lambda_, gamma)
    return value, dx * x_dot + dlambda_ * lambda__dot + dgamma * gamma_dot


def init_wave(shape=(), dtype=jnp.float32):
    """Wave's parameters as they start; used as wave(x, **parameters).

    The shape broadcasts against x: () is one value for all, (channels,) one for each channel if channels are last,
    (channels, 1, 1) if they are first.
    """
    return {
        "lambda_": jnp.full(shape, 0.5, dtype),
        "gamma": jnp.full(shape, 0.0, dtype),
    }
