"""Bump: x*exp(-beta*|x|^1.5)

Exported by activation-search on 2026-11-25.
"""

import torch
from torch import nn


def bump(x, beta):
    """x*exp(-beta*|x|^1.5) of a tensor x; beta broadcasts against it."""
    return _Bump.apply(x, beta)


class _Bump(torch.autograd.Function):
    """With its own gradient: autograd's would differ at ties, or where it multiplies 0 by infinity."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, beta):
        return x * torch.exp(-beta * torch.pow(torch.abs(x), 1.5))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad):
        x, beta = ctx.saved_tensors
        abs_1 = torch.abs(x)
        pow_1 = torch.pow(abs_1, 1.5)
        exp_1 = torch.exp(-beta * pow_1)
        masked_1 = torch.where(x == 0, 0.0, (-1.5 * beta * torch.sign(x) * torch.pow(abs_1, 0.5) * exp_1) * x)
        dx = exp_1 + masked_1
        dbeta = -torch.where(x == 0, 0.0, (pow_1 * exp_1) * x)
        return grad * dx, (grad * dbeta).sum_to_size(beta.shape)


class Bump(nn.Module):
    """x*exp(-beta*|x|^1.5) with beta trained: one value for all channels, or one for each with num_parameters = channels.

    channel_axis is the dimension of the channels, 1 in a convolutional network, -1 after a linear layer.
    """

    def __init__(self, num_parameters=1, channel_axis=1, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.beta = nn.Parameter(torch.full((num_parameters,), 1.0, device=device, dtype=dtype))

    def forward(self, x):
        return bump(x, self._per_channel(self.beta, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.dim()
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter.to(x.dtype).view(shape)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}, channel_axis={self.channel_axis}"
