"""Swish: x*sigmoid(beta*x)

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def swish(x, beta):
    """x*sigmoid(beta*x) of a tensor x; beta broadcasts against it."""
    return x * ops.sigmoid(beta * x)


@keras.saving.register_keras_serializable(package="activation_search")
class Swish(keras.layers.Layer):
    """x*sigmoid(beta*x) with beta trained: one value for each channel, or one for all with shared=True."""

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
        return swish(x, ops.convert_to_tensor(self.beta))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {"channel_axis": self.channel_axis, "shared": self.shared}
        return {**super().get_config(), **config}
