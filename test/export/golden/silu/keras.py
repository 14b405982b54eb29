"""SiLU: x*sigmoid(x)

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def silu(x):
    """x*sigmoid(x) of a tensor x."""
    return ops.silu(x)


@keras.saving.register_keras_serializable(package="activation_search")
class SiLU(keras.layers.Layer):
    """x*sigmoid(x), without parameters."""

    def call(self, x):
        return silu(x)

    def compute_output_shape(self, input_shape):
        return input_shape
