"""python export-torch.py FOLDER: milliseconds of processor time of forward and backward, a pair of exported and by hand a round, in turn on one thread."""

import importlib.util
import json
import sys
import time

import torch
from torch import nn

ROUNDS = 200
torch.set_num_threads(1)


class HandSiLU(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class HandSwish(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.beta = nn.Parameter(torch.ones(1, channels, 1, 1))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class HandScaled(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class HandMish(nn.Module):
    def forward(self, x):
        return x * torch.tanh(nn.functional.softplus(x))


class HandGELU(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1 + torch.erf(x / 2**0.5))


def exported(folder, name):
    spec = importlib.util.spec_from_file_location(name, f"{folder}/{name.lower()}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def milliseconds(module, x, gradient):
    start = time.process_time()
    module(x).backward(gradient)
    return (time.process_time() - start) * 1000


def measure(ours, by_hand, shape):
    x = torch.randn(shape, requires_grad=True)
    gradient = torch.ones(shape)
    pairs = []
    for turn in range(ROUNDS + 5):
        times = {}
        order = [("ours", ours), ("by hand", by_hand)]
        for name, module in order if turn % 2 else reversed(order):
            x.grad = None
            module.zero_grad()
            times[name] = milliseconds(module, x, gradient)
        if turn >= 5:
            pairs.append([times["ours"], times["by hand"]])
    return pairs


folder = sys.argv[1]
shape = (128, 64, 16, 16)
pairs = {
    "SiLU": (exported(folder, "SiLU")(), HandSiLU()),
    "Swish": (exported(folder, "Swish")(num_parameters=64), HandSwish(64)),
    "Scaled": (exported(folder, "Scaled")(), HandScaled()),
    "Mish": (exported(folder, "Mish")(), HandMish()),
    "GELU": (exported(folder, "GELU")(), HandGELU()),
}
results = {name: measure(ours, by_hand, shape) for name, (ours, by_hand) in pairs.items()}
print(json.dumps({"torch": torch.__version__, "results": results}))
