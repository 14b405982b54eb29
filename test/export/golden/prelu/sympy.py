"""PReLU: max(x, 0) + alpha[0.25]*min(x, 0)

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x, alpha = sp.symbols("x alpha", real=True)
prelu = sp.Max(x, 0) + alpha * sp.Min(x, 0)
derivative = sp.diff(prelu, x)
# Where the parameters start.
initial = {alpha: sp.Rational("0.25")}
