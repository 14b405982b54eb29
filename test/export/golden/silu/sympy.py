"""SiLU: x*sigmoid(x)

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x = sp.symbols("x", real=True)
silu = x * (1 / (1 + sp.exp(-x)))
derivative = sp.diff(silu, x)
