"""Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))

Exported by activation-search on 2026-11-25.
"""

import jax
import jax.numpy as jnp
from flax import nnx


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


class Wave(nnx.Module):
    """min(x, sinc(lambda[0.5]*x + gamma[0])) with lambda_, gamma trained.

    One value for all channels, or one for each with num_parameters = channels; channel_axis is their dimension.
    """

    def __init__(self, num_parameters=1, channel_axis=-1, *, rngs=None, param_dtype=jnp.float32):
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.lambda_ = nnx.Param(jnp.full((num_parameters,), 0.5, param_dtype))
        self.gamma = nnx.Param(jnp.full((num_parameters,), 0.0, param_dtype))

    def __call__(self, x):
        return wave(x, self._per_channel(self.lambda_, x), self._per_channel(self.gamma, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.ndim
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter[...].astype(x.dtype).reshape(shape)
