"""GELU: 0.5*x*(1 + erf(x/sqrt(2)))

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x = sp.symbols("x", real=True)
gelu = sp.Rational("0.5") * x * sp.erfc(-x / sp.Rational("1.4142135623730951"))
derivative = sp.diff(gelu, x)
