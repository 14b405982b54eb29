"""Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))

Exported by activation-search on 2026-11-25.
"""

import keras
from keras import ops


def _dsinc(x):
    """The derivative of sin(x)/x, by its series below 1 where the quotient cancels."""
    s = ops.square(x)
    series = 1 / 3991680 - s * (1 / 518918400 - s * (1 / 93405312000 - s / 22230464256000.0))
    series = -1 / 3 + s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s * series)))
    quotient = (ops.cos(x) - ops.sin(x) / x) / x
    return ops.where(ops.abs(x) < 1, x * series, quotient)


def wave(x, lambda_, gamma):
    """min(x, sinc(lambda[0.5]*x + gamma[0])) of a tensor x; lambda_, gamma broadcast against it."""
    return _wave(x, ops.broadcast_to(lambda_, ops.shape(x)), ops.broadcast_to(gamma, ops.shape(x)))


@ops.custom_gradient
def _wave(x, lambda_, gamma):
    """With its own gradient: a backend's would differ at ties, or where it multiplies 0 by infinity."""

    def grad(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        add_1 = lambda_ * x + gamma
        sinc_1 = ops.where(add_1 == 0, 1.0, ops.sin(add_1) / add_1)
        dsinc_1 = _dsinc(add_1)
        step_1 = (ops.sign(x - sinc_1) + 1) / 2
        dx = (ops.sign(sinc_1 - x) + 1) / 2 + lambda_ * dsinc_1 * step_1
        dlambda_ = x * dsinc_1 * step_1
        dgamma = dsinc_1 * step_1
        return upstream * dx, upstream * dlambda_, upstream * dgamma

    add_1 = lambda_ * x + gamma
    return ops.minimum(x, ops.where(add_1 == 0, 1.0, ops.sin(add_1) / add_1)), grad


@keras.saving.register_keras_serializable(package="activation_search")
class Wave(keras.layers.Layer):
    """min(x, sinc(lambda[0.5]*x + gamma[0])) with lambda_, gamma trained: one value for each channel, or one for all with shared=True."""

    def __init__(self, channel_axis=-1, shared=False, **kwargs):
        super().__init__(**kwargs)
        self.channel_axis = channel_axis
        self.shared = shared

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        if not self.shared:
            shape[self.channel_axis] = input_shape[self.channel_axis]
        self.lambda_ = self.add_weight(name="lambda_", shape=shape, initializer=keras.initializers.Constant(0.5))
        self.gamma = self.add_weight(name="gamma", shape=shape, initializer=keras.initializers.Constant(0.0))
        super().build(input_shape)

    def call(self, x):
        return wave(x, ops.convert_to_tensor(self.lambda_), ops.convert_to_tensor(self.gamma))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {"channel_axis": self.channel_axis, "shared": self.shared}
        return {**super().get_config(), **config}
