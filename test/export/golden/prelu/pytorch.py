"""PReLU: max(x, 0) + alpha[0.25]*min(x, 0)

Exported by activation-search on 2026-11-25.
"""

import torch
from torch import nn


def prelu(x, alpha):
    """max(x, 0) + alpha[0.25]*min(x, 0) of a tensor x; alpha broadcasts against it."""
    return _PReLU.apply(x, alpha)


class _PReLU(torch.autograd.Function):
    """With its own gradient: autograd's would differ at ties, or where it multiplies 0 by infinity."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, alpha):
        return torch.clamp(x, min=0) + alpha * torch.clamp(x, max=0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad):
        x, alpha = ctx.saved_tensors
        dx = (torch.sign(x) + 1) / 2 + alpha * ((torch.sign(-x) + 1) / 2)
        dalpha = torch.clamp(x, max=0)
        return grad * dx, (grad * dalpha).sum_to_size(alpha.shape)


class PReLU(nn.Module):
    """max(x, 0) + alpha[0.25]*min(x, 0) with alpha trained: one value for all channels, or one for each with num_parameters = channels.

    channel_axis is the dimension of the channels, 1 in a convolutional network, -1 after a linear layer.
    """

    def __init__(self, num_parameters=1, channel_axis=1, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
        self.alpha = nn.Parameter(torch.full((num_parameters,), 0.25, device=device, dtype=dtype))

    def forward(self, x):
        return prelu(x, self._per_channel(self.alpha, x))

    def _per_channel(self, parameter, x):
        shape = [1] * x.dim()
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter.to(x.dtype).view(shape)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}, channel_axis={self.channel_axis}"
