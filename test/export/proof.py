"""What the checks of all Python targets share: cases, comparison, the report."""

import importlib.util
import json
import pathlib
import sys

import numpy as np


class Proof:
    def __init__(self, folder, target, known=()):
        """known: pairs of a reason and of what says where it excuses: (case, precision, x) -> mask."""
        self.known = known
        self.left_out = {}
        self.folder = pathlib.Path(folder)
        self.target = target
        self.errors = {}
        self.failures = []

    def cases(self, precision):
        document = json.loads((self.folder / f"{precision}.json").read_text())
        self.epsilon = document["epsilon"]
        for case in document["cases"]:
            for reference in case["references"]:
                reference["x"] = numbers(reference["x"])
                for output in reference["outputs"]:
                    output["exact"] = numbers(output["exact"])
                    output["scale"] = numbers(output["scale"])
            yield case

    def path(self, case, ending=".py"):
        return self.folder / self.target / f"{case['name'].lower()}{ending}"

    def module(self, case):
        path = self.path(case)
        spec = importlib.util.spec_from_file_location(f"{self.target}_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def function(self, case):
        return getattr(self.module(case), case["name"].lower())

    def compare(self, case, precision, x, output, given):
        """The error in units of what one rounding does; NaN only where it is due, infinities of the right sign."""
        exact, scale = output["exact"], output["scale"]
        given = np.broadcast_to(np.asarray(given, np.float64), exact.shape)
        counted = ~np.isnan(scale)
        finite = counted & np.isfinite(exact)
        same = (given == exact) | (np.isnan(given) & np.isnan(exact))
        # The sign of zero carries no meaning, nor does that of 1/0.
        same |= (x == 0) & np.isinf(exact) & np.isinf(given)
        wrong = counted & ~np.isfinite(exact) & ~same
        wrong |= finite & ~np.isfinite(given)
        with np.errstate(all="ignore"):
            error = np.where(finite & ~same, np.abs(given - exact) / (self.epsilon * scale), 0.0)
        error = np.where(wrong, np.inf, np.nan_to_num(error, nan=0.0))
        for reason, excuses in self.known:
            excused = (error > LIMITS[precision]) & excuses(case, precision, x)
            if excused.any():
                self.leave_out(reason, case)
                error = np.where(excused, 0.0, error)
        worst = int(np.argmax(error))
        key = f"{case['name']} {precision}"
        self.errors[key] = max(self.errors.get(key, 0.0), float(error[worst]))
        if error[worst] > LIMITS[precision]:
            self.fail(case, f"{precision}: {output['of']} is {given[worst]!r}, not {exact[worst]!r}, at x = {x[worst]!r}", error[worst])

    def leave_out(self, reason, case):
        self.left_out.setdefault(reason, set()).add(case["title"])

    def fail(self, case, message, error=None):
        self.failures.append({"case": case["name"], "title": case["title"], "message": message, "error": str(error)})

    def finish(self):
        errors = {key: str(value) for key, value in self.errors.items()}
        left_out = {reason: sorted(titles) for reason, titles in self.left_out.items()}
        report = {"target": self.target, "errors": errors, "failures": self.failures, "leftOut": left_out}
        (self.folder / f"{self.target}.report.json").write_text(json.dumps(report, indent=1))
        print(f"{self.target}: {len(self.errors)} checks of a function, {len(self.failures)} failures", file=sys.stderr)
        for failure in self.failures[:20]:
            print(f"  {failure['case']} {failure['title']}: {failure['message']} ({failure['error']})", file=sys.stderr)
        sys.exit(1 if self.failures else 0)


# How many roundings an output may be off: libraries' exp and sin are off by some, a chain of them by more.
LIMITS = {"float64": 40, "float32": 40, "bfloat16": 8}


SMALLEST = {"float64": 2.0**-1022, "float32": 2.0**-126, "bfloat16": 2.0**-126}


def is_subnormal(_case, precision, x):
    return (x != 0) & (np.abs(x) < SMALLEST[precision])


def numbers(values):
    return np.array([float(value) for value in values], np.float64)


def names_of(reference):
    return list(reference["parameters"])
