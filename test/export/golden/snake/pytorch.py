"""Snake: x + sin(alpha*x)^2/alpha

Exported by activation-search on 2026-11-25.
"""

import torch
from torch import nn


def snake(x, alpha):
    """x + sin(alpha*x)^2/alpha of a tensor x; alpha broadcasts against it."""
    return _Snake.apply(x, alpha)


class _Snake(torch.autograd.Function):
    """With its own gradient: autograd's would differ at ties, or where it multiplies 0 by infinity."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, alpha):
        return x + torch.square(torch.sin(alpha * x)) / alpha

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad):
        x, alpha = ctx.saved_tensors
        mul_1 = alpha * x
        cos_1 = torch.cos(mul_1)
        sin_1 = torch.sin(mul_1)
        dx = 2 * alpha * cos_1 * sin_1 / alpha + 1
        dalpha = 2 * x * cos_1 * sin_1 / alpha - torch.square(sin_1) / alpha / alpha
        return grad * dx, (grad * dalpha).sum_to_size(alpha.shape)


class Snake(nn.Module):
    """x + sin(alpha*x)^2/alpha with alpha trained: one value for all channels, or one for each with num_parameters = channels.

    channel_axis is the dimension of the channels, 1 in a convolutional network, -1 after a linear layer.
    """

    def __init__(self, num_parameters=1, channel_axis=1, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.alpha = nn.Parameter(torch.full((num_parameters,), 1.0, device=device, dtype=dtype))

    def forward(self, x):
        return snake(x, self._per_channel(self.alpha, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.dim()
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter.to(x.dtype).view(shape)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}, channel_axis={self.channel_axis}"
