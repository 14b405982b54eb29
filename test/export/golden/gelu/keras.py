"""GELU: 0.5*x*(1 + erf(x/sqrt(2)))

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def gelu(x):
    """0.5*x*(1 + erf(x/sqrt(2))) of a tensor x."""
    return ops.gelu(x, approximate=False)


@keras.saving.register_keras_serializable(package="activation_search")
class GELU(keras.layers.Layer):
    """0.5*x*(1 + erf(x/sqrt(2))), without parameters."""

    def call(self, x):
        return gelu(x)

    def compute_output_shape(self, input_shape):
        return input_shape
