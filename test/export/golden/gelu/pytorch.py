"""GELU: 0.5*x*(1 + erf(x/sqrt(2)))

Exported by activation-search on 2026-11-25.
"""

from torch import nn
from torch.nn import functional as F


def gelu(x):
    """0.5*x*(1 + erf(x/sqrt(2))) of a tensor x."""
    return F.gelu(x)


class GELU(nn.Module):
    """0.5*x*(1 + erf(x/sqrt(2))), without parameters."""

    def forward(self, x):
        return gelu(x)
