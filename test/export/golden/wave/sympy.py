"""Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x, lambda_, gamma = sp.symbols("x lambda_ gamma", real=True)
wave = sp.Min(x, sp.sinc(lambda_ * x + gamma))
derivative = sp.diff(wave, x)
# Where the parameters start.
initial = {lambda_: sp.Rational("0.5"), gamma: 0}
