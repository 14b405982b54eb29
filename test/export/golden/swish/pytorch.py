"""Swish: x*sigmoid(beta*x)

Exported by activation-search on 2026-11-25.
"""

import torch
from torch import nn


def swish(x, beta):
    """x*sigmoid(beta*x) of a tensor x; beta broadcasts against it."""
    return x * torch.sigmoid_(beta * x)


class Swish(nn.Module):
    """x*sigmoid(beta*x) with beta trained: one value for all channels, or one for each with num_parameters = channels.

    channel_axis is the dimension of the channels, 1 in a convolutional network, -1 after a linear layer.
    """

    def __init__(self, num_parameters=1, channel_axis=1, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.beta = nn.Parameter(torch.full((num_parameters,), 1.0, device=device, dtype=dtype))

    def forward(self, x):
        return swish(x, self._per_channel(self.beta, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.dim()
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter.to(x.dtype).view(shape)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}, channel_axis={self.channel_axis}"
