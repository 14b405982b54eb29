"""Bump: x*exp(-beta*|x|^1.5)

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x, beta = sp.symbols("x beta", real=True)
bump = x * sp.exp(-beta * (sp.Abs(x) ** sp.Rational("1.5")))
derivative = sp.diff(bump, x)
# Where the parameters start.
initial = {beta: 1}
