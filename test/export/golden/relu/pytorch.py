"""ReLU: max(x, 0)

Exported by activation-search on 2026-11-25.
"""

import torch
from torch import nn


def relu(x):
    """max(x, 0) of a tensor x."""
    return _ReLU.apply(x)


class _ReLU(torch.autograd.Function):
    """With its own gradient: autograd's would differ at ties, or where it multiplies 0 by infinity."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return torch.clamp(x, min=0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        dx = (torch.sign(x) + 1) / 2
        return grad * dx


class ReLU(nn.Module):
    """max(x, 0), without parameters."""

    def forward(self, x):
        return relu(x)
