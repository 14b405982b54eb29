"""PReLU: max(x, 0) + alpha[0.25]*min(x, 0)

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def prelu(x, alpha):
    """max(x, 0) + alpha[0.25]*min(x, 0) of a tensor x; alpha broadcasts against it."""
    return _prelu(x, ops.broadcast_to(alpha, ops.shape(x)))


@ops.custom_gradient
def _prelu(x, alpha):
    """With its own gradient: a backend's would differ at ties, or where it multiplies 0 by infinity."""

    def grad(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        dx = (ops.sign(x) + 1) / 2 + alpha * ((ops.sign(-x) + 1) / 2)
        dalpha = ops.minimum(x, 0)
        return upstream * dx, upstream * dalpha

    return ops.maximum(x, 0) + alpha * ops.minimum(x, 0), grad


@keras.saving.register_keras_serializable(package="activation_search")
class PReLU(keras.layers.Layer):
    """max(x, 0) + alpha[0.25]*min(x, 0) with alpha trained: one value for each channel, or one for all with shared=True."""

    def __init__(self, channel_axis=-1, shared=False, **kwargs):
        super().__init__(**kwargs)
        self.channel_axis = channel_axis
        self.shared = shared

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        if not self.shared:
            shape[self.channel_axis] = input_shape[self.channel_axis]
        self.alpha = self.add_weight(name="alpha", shape=shape, initializer=keras.initializers.Constant(0.25))
        super().build(input_shape)

    def call(self, x):
        return prelu(x, ops.convert_to_tensor(self.alpha))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {"channel_axis": self.channel_axis, "shared": self.shared}
        return {**super().get_config(), **config}
