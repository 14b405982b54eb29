"""SymPy: values and derivatives with 700 digits of every function at ordinary points, at 0 and at ties."""

import sys

import mpmath
import numpy as np
import sympy

from proof import Proof, names_of

mpmath.mp.dps = 700


def check(proof, case, precision):
    path = proof.path(case)
    scope = {}
    exec(compile(path.read_text(), str(path), "exec"), scope)
    name = case["name"].lower()
    symbols = {str(symbol).rstrip("_"): symbol for symbol in scope[name].free_symbols}
    for reference in case["references"]:
        names = names_of(reference)
        order = [scope["x"], *(symbols.get(one, sympy.Symbol(one)) for one in names)]
        for output in reference["outputs"][:2]:
            expression = scope[name] if output["of"] == "value" else scope["derivative"]
            run = sympy.lambdify(order, expression, [{"DiracDelta": lambda *_: 0}, "mpmath"])
            given = [value_at(run, x, [reference["parameters"][one] for one in names]) for x in reference["x"]]
            proof.compare(case, precision, reference["x"], output, given)


def value_at(run, x, parameters):
    if not np.isfinite(x):
        return np.nan
    try:
        value = run(mpmath.mpf(float(x)), *map(mpmath.mpf, parameters))
        return np.nan if isinstance(value, mpmath.mpc) and value.imag != 0 else float(mpmath.re(value))
    except ZeroDivisionError:
        return np.nan


KNOWN = [
    ("SymPy computes with real numbers, not with infinities and NaN", lambda case, precision, x: ~np.isfinite(x)),
    ("SymPy has no value at a pole or a kink", lambda case, precision, x: x == 0),
]
proof = Proof(sys.argv[1], "sympy", KNOWN)
for case in proof.cases("float64"):
    if case["kind"] != "random":
        check(proof, case, "float64")
proof.finish()
