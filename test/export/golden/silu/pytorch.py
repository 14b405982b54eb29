"""SiLU: x*sigmoid(x)

Exported by activation-search on 2026-11-25.
"""

from torch import nn
from torch.nn import functional as F


def silu(x):
    """x*sigmoid(x) of a tensor x."""
    return F.silu(x)


class SiLU(nn.Module):
    """x*sigmoid(x), without parameters."""

    def forward(self, x):
        return silu(x)
