"""PyTorch: values and gradients of every function; modules by channel, saved and loaded."""

import io
import sys

import numpy as np
import torch

from proof import Proof, names_of

DTYPES = {"float64": torch.float64, "float32": torch.float32, "bfloat16": torch.bfloat16}


def check_function(proof, case, precision, run):
    for reference in case["references"]:
        x = torch.tensor(reference["x"], dtype=DTYPES[precision], requires_grad=True)
        parameters = [
            torch.full_like(x, reference["parameters"][name]).detach().requires_grad_() for name in names_of(reference)
        ]
        value = run(x, *parameters)
        if value.dtype != x.dtype or value.shape != x.shape:
            proof.fail(case, f"{precision}: the value is {value.dtype} {tuple(value.shape)}")
        if value.requires_grad:
            value.backward(torch.ones_like(value))
        given = [value, *(torch.zeros_like(x) if one.grad is None else one.grad for one in [x, *parameters])]
        for output, tensor in zip(reference["outputs"], given, strict=True):
            proof.compare(case, precision, reference["x"], output, tensor.detach().double().numpy())


def check_module(proof, case):
    module_type = getattr(proof.module(case), case["name"])
    run = proof.function(case)
    names = names_of(case["references"][0])
    torch.manual_seed(1)
    base = torch.randn(2, 3, 4, 5)
    inputs = [(base, 1), (base.permute(0, 2, 3, 1), -1), (base.to(memory_format=torch.channels_last), 1), (base[:, :, ::2], 1)]
    for x, axis in inputs if names else inputs[:1]:
        module = module_type(num_parameters=3, channel_axis=axis) if names else module_type()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter += torch.tensor([0.0, 0.25, -0.125])
        value = module(x)
        shape = [1] * 4
        shape[axis] = 3
        full = [getattr(module, name).detach().view(shape).expand_as(x).clone().requires_grad_() for name in fields(module)]
        expected = run(x, *full)
        if not torch.allclose(value, expected, rtol=1e-4, equal_nan=True):
            proof.fail(case, f"the module differs from the function, channels on {axis}")
        if value.requires_grad:
            value.sum().backward()
            expected.sum().backward()
            others = [dimension for dimension in range(4) if dimension != axis % 4]
            for name, one in zip(fields(module), full, strict=True):
                given, exact = getattr(module, name).grad, one.grad.sum(others)
                if not torch.allclose(given, exact, rtol=1e-4, atol=1e-4, equal_nan=True):
                    proof.fail(case, f"the gradient by {name} is {given}, not {exact}")
        file = io.BytesIO()
        torch.save(module.state_dict(), file)
        file.seek(0)
        loaded = module_type(num_parameters=3, channel_axis=axis) if names else module_type()
        loaded.load_state_dict(torch.load(file))
        if not torch.equal(torch.nan_to_num(loaded(x)), torch.nan_to_num(value)):
            proof.fail(case, "it differs once saved and loaded")


def fields(module):
    return [name for name, _ in module.named_parameters()]


KNOWN = [
    ("torch.sign of NaN is 0", lambda case, precision, x: np.isnan(x)),
    (
        "torch.erf in bfloat16 is 0 for the tiniest",
        lambda case, precision, x: (precision == "bfloat16") & ("erf" in case["title"]) & (np.abs(x) < 1e-18),
    ),
]
proof = Proof(sys.argv[1], "pytorch", KNOWN)
for precision in DTYPES:
    for case in proof.cases(precision):
        check_function(proof, case, precision, proof.function(case))
        if precision == "float32":
            check_module(proof, case)
proof.finish()
