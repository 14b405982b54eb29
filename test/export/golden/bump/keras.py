"""Bump: x*exp(-beta*|x|^1.5)

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def bump(x, beta):
    """x*exp(-beta*|x|^1.5) of a tensor x; beta broadcasts against it."""
    return _bump(x, ops.broadcast_to(beta, ops.shape(x)))


@ops.custom_gradient
def _bump(x, beta):
    """With its own gradient: a backend's would differ at ties, or where it multiplies 0 by infinity."""

    def grad(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        abs_1 = ops.abs(x)
        pow_1 = ops.power(abs_1, 1.5)
        exp_1 = ops.exp(-beta * pow_1)
        masked_1 = ops.where(x == 0, 0.0, (-1.5 * beta * ops.sign(x) * ops.power(abs_1, 0.5) * exp_1) * x)
        dx = exp_1 + masked_1
        dbeta = -ops.where(x == 0, 0.0, (pow_1 * exp_1) * x)
        return upstream * dx, upstream * dbeta

    return x * ops.exp(-beta * ops.power(ops.abs(x), 1.5)), grad


@keras.saving.register_keras_serializable(package="activation_search")
class Bump(keras.layers.Layer):
    """x*exp(-beta*|x|^1.5) with beta trained: one value for each channel, or one for all with shared=True."""

    def __init__(self, channel_axis=-1, shared=False, **kwargs):
        super().__init__(**kwargs)
        self.channel_axis = channel_axis
        self.shared = shared

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        if not self.shared:
            shape[self.channel_axis] = input_shape[self.channel_axis]
        self.beta = self.add_weight(name="beta", shape=shape, initializer=keras.initializers.Constant(1.0))
        super().build(input_shape)

    def call(self, x):
        return bump(x, ops.convert_to_tensor(self.beta))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {"channel_axis": self.channel_axis, "shared": self.shared}
        return {**super().get_config(), **config}
