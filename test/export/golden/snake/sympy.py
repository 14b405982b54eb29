"""Snake: x + sin(alpha*x)^2/alpha

Exported by activation-search on 2026-11-25.
"""

import sympy as sp

x, alpha = sp.symbols("x alpha", real=True)
snake = x + sp.sin(alpha * x) ** 2 / alpha
derivative = sp.diff(snake, x)
# Where the parameters start.
initial = {alpha: 1}
