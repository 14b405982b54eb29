"""Keras: values and gradients of every function on one backend; layers by channel, saved and loaded."""

import os
import re
import sys
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
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


def check_layer(proof, case):
    layer_type = getattr(proof.module(case), case["name"])
    run = proof.function(case)
    names = names_of(case["references"][0])
    base = np.random.default_rng(1).normal(size=(2, 3, 4)).astype("float32")
    for x, axis in [(base, 1), (np.moveaxis(base, 1, -1), -1)] if names else [(base, 1)]:
        layer = layer_type(channel_axis=axis) if names else layer_type()
        model = keras.Sequential([keras.Input(x.shape[1:]), layer])
        for weight in layer.weights:
            weight.assign(weight + np.array([0.0, 0.25, -0.125], "float32").reshape(weight.shape))
        value = model(x)
        expected = run(torch.tensor(np.ascontiguousarray(x)), *(torch.as_tensor(weight.value) for weight in layer.weights))
        if not torch.allclose(value, expected, rtol=1e-4, equal_nan=True):
            proof.fail(case, f"the layer differs from the function, channels on {axis}")
        with tempfile.TemporaryDirectory() as folder:
            model.save(f"{folder}/model.keras")
            loaded = keras.saving.load_model(f"{folder}/model.keras")
        if not torch.equal(torch.nan_to_num(loaded(x)), torch.nan_to_num(value)):
            proof.fail(case, "it differs once saved and loaded")


KNOWN = [
    ("sign of NaN is 0 on the torch backend", lambda case, precision, x: np.isnan(x)),
    (
        "erf in bfloat16 is 0 for the tiniest on the torch backend",
        lambda case, precision, x: (precision == "bfloat16") & ("erf" in case["title"]) & (np.abs(x) < 1e-18),
    ),
]
proof = Proof(sys.argv[1], "keras", KNOWN)
for precision in DTYPES:
    for case in proof.cases(precision):
        if precision == "float64" and re.search(r"ops\.(maximum|minimum)", proof.path(case).read_text()):
            proof.leave_out("ops.maximum and ops.minimum of float64 are float32 on the torch backend", case)
            continue
        check_function(proof, case, precision, proof.function(case))
        if precision == "float32":
            check_layer(proof, case)
proof.finish()
