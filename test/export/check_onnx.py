"""ONNX: every model is valid and has the right values, in onnxruntime and in onnx's reference evaluator."""

import sys

import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

from proof import Proof, is_subnormal, names_of


def check(proof, case):
    model = onnx.load(proof.path(case, ".onnx"))
    onnx.checker.check_model(model, full_check=True)
    if len(model.functions) != 1 or len(model.graph.node) != 1:
        proof.fail(case, "it is not one node of one function")
    for reference in case["references"]:
        for name in names_of(reference):
            tensor = next(one for one in model.graph.initializer if one.name.rstrip("_") == name)
            tensor.float_data[0] = reference["parameters"][name]
        x = reference["x"].astype(np.float32)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        (value,) = session.run(None, {"x": x})
        if value.dtype != np.float32 or value.shape != x.shape:
            proof.fail(case, f"the value is {value.dtype} {value.shape}")
        proof.compare(case, "float32", reference["x"], reference["outputs"][0], value)
        if not any(node.op_type in WITHOUT_REFERENCE for node in model.functions[0].node):
            with np.errstate(all="ignore"):
                (value,) = ReferenceEvaluator(model).run(None, {"x": x})
            proof.compare(case, "float32", reference["x"], reference["outputs"][0], value)


# onnx's reference evaluator has no implementation of these inside a function.
WITHOUT_REFERENCE = {"Gelu"}
KNOWN = [
    ("onnxruntime takes subnormal numbers for 0", is_subnormal),
    ("Elu and Selu may be exp(x) - 1, without the digits of the tiniest x", lambda case, precision, x: (x < 0) & (x > -1e-5)),
    ("Sin and Cos of a runtime may lose digits of large operands", lambda case, precision, x: ("sin" in case["title"]) & (np.abs(x) >= 20)),
]
proof = Proof(sys.argv[1], "onnx", KNOWN)
onnxruntime.set_default_logger_severity(4)
for case in proof.cases("float32"):
    try:
        check(proof, case)
    except Exception as error:
        proof.fail(case, f"{type(error).__name__}: {str(error)[:300]}")
proof.finish()
