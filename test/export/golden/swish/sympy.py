"""Swish: x*sigmoid(beta*x)

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x, beta = sp.symbols("x beta", real=True)
swish = x * (1 / (1 + sp.exp(-beta * x)))
derivative = sp.diff(swish, x)
# Where the parameters start.
initial = {beta: 1}
