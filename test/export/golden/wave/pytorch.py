"""Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))

Exported by activation-search on 2026-11-25.
"""

import torch
from torch import nn


def _dsinc(x):
    """The derivative of sin(x)/x, by its series below 1 where the quotient cancels."""
    s = torch.square(x)
    series = 1 / 3991680 - s * (1 / 518918400 - s * (1 / 93405312000 - s / 22230464256000.0))
    series = -1 / 3 + s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s * series)))
    quotient = (torch.cos(x) - torch.sin(x) / x) / x
    return torch.where(torch.abs(x) < 1, x * series, quotient)


def wave(x, lambda_, gamma):
    """min(x, sinc(lambda[0.5]*x + gamma[0])) of a tensor x; lambda_, gamma broadcast against it."""
    return _Wave.apply(x, lambda_, gamma)


class _Wave(torch.autograd.Function):
    """With its own gradient: autograd's would differ at ties, or where it multiplies 0 by infinity."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, lambda_, gamma):
        add_1 = lambda_ * x + gamma
        return torch.minimum(x, torch.where(add_1 == 0, 1.0, torch.sin(add_1) / add_1))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad):
        x, lambda_, gamma = ctx.saved_tensors
        add_1 = lambda_ * x + gamma
        sinc_1 = torch.where(add_1 == 0, 1.0, torch.sin(add_1) / add_1)
        dsinc_1 = _dsinc(add_1)
        step_1 = (torch.sign(x - sinc_1) + 1) / 2
        dx = (torch.sign(sinc_1 - x) + 1) / 2 + lambda_ * dsinc_1 * step_1
        dlambda_ = x * dsinc_1 * step_1
        dgamma = dsinc_1 * step_1
        return grad * dx, (grad * dlambda_).sum_to_size(lambda_.shape), (grad * dgamma).sum_to_size(gamma.shape)


class Wave(nn.Module):
    """min(x, sinc(lambda[0.5]*x + gamma[0])) with lambda_, gamma trained: one value for all channels, or one for each with num_parameters = channels.

    channel_axis is the dimension of the channels, 1 in a convolutional network, -1 after a linear layer.
    """

    def __init__(self, num_parameters=1, channel_axis=1, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.lambda_ = nn.Parameter(torch.full((num_parameters,), 0.5, device=device, dtype=dtype))
        self.gamma = nn.Parameter(torch.full((num_parameters,), 0.0, device=device, dtype=dtype))

    def forward(self, x):
        return wave(x, self._per_channel(self.lambda_, x), self._per_channel(self.gamma, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.dim()
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter.to(x.dtype).view(shape)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}, channel_axis={self.channel_axis}"
