"""ReLU: max(x, 0)

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x = sp.symbols("x", real=True)
relu = sp.Max(x, 0)
derivative = sp.diff(relu, x)
