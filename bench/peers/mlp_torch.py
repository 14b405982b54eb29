"""Step time of a plain network in PyTorch eager: mlp_torch.py DEPTH WIDTH STEPS WARM_UP.

x * sigmoid(beta * x) with one beta a channel, batch 128, Adam, one thread. Prints milliseconds of processor time a step as a JSON array.
"""

import json
import sys
import time

import torch
from torch import nn

DEPTH, WIDTH, STEPS, WARM_UP = map(int, sys.argv[1:5])
BATCH, INPUTS, CLASSES = 128, 784, 10


class Swish(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.beta = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


torch.set_num_threads(1)
torch.manual_seed(1)
layers = []
for index in range(DEPTH):
    layers += [nn.Linear(INPUTS if index == 0 else WIDTH, WIDTH), Swish(WIDTH)]
model = nn.Sequential(*layers, nn.Linear(WIDTH, CLASSES))
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
images, labels = torch.randn(BATCH, INPUTS), torch.randint(0, CLASSES, (BATCH,))


def step():
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(WARM_UP):
    step()
times = []
for _ in range(STEPS):
    started = time.process_time()
    step()
    times.append((time.process_time() - started) * 1e3)
print(torch.__version__)
print(json.dumps(times))
