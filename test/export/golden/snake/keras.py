"""Snake: x + sin(alpha*x)^2/alpha

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def snake(x, alpha):
    """x + sin(alpha*x)^2/alpha of a tensor x; alpha broadcasts against it."""
    return _snake(x, ops.broadcast_to(alpha, ops.shape(x)))


@ops.custom_gradient
def _snake(x, alpha):
    """With its own gradient: a backend's would differ at ties, or where it multiplies 0 by infinity."""

    def grad(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        mul_1 = alpha * x
        cos_1 = ops.cos(mul_1)
        sin_1 = ops.sin(mul_1)
        dx = 2 * alpha * cos_1 * sin_1 / alpha + 1
        dalpha = 2 * x * cos_1 * sin_1 / alpha - ops.square(sin_1) / alpha / alpha
        return upstream * dx, upstream * dalpha

    return x + ops.square(ops.sin(alpha * x)) / alpha, grad


@keras.saving.register_keras_serializable(package="activation_search")
class Snake(keras.layers.Layer):
    """x + sin(alpha*x)^2/alpha with alpha trained: one value for each channel, or one for all with shared=True."""

    def __init__(self, channel_axis=-1, shared=False, **kwargs):
        super().__init__(**kwargs)
        self.channel_axis = channel_axis
        self.shared = shared

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        if not self.shared:
            shape[self.channel_axis] = input_shape[self.channel_axis]
        self.alpha = self.add_weight(name="alpha", shape=shape, initializer=keras.initializers.Constant(1.0))
        super().build(input_shape)

    def call(self, x):
        return snake(x, ops.convert_to_tensor(self.alpha))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {"channel_axis": self.channel_axis, "shared": self.shared}
        return {**super().get_config(), **config}
