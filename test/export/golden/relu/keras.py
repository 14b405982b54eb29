"""ReLU: max(x, 0)

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def relu(x):
    """max(x, 0) of a tensor x."""
    return _relu(x)


@ops.custom_gradient
def _relu(x):
    """With its own gradient: a backend's would differ at ties, or where it multiplies 0 by infinity."""

    def grad(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        dx = (ops.sign(x) + 1) / 2
        return upstream * dx

    return ops.maximum(x, 0), grad


@keras.saving.register_keras_serializable(package="activation_search")
class ReLU(keras.layers.Layer):
    """max(x, 0), without parameters."""

    def call(self, x):
        return relu(x)

    def compute_output_shape(self, input_shape):
        return input_shape
