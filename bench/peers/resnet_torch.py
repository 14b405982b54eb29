"""Step time of ResNet-20 in PyTorch: resnet_torch.py eager|compile FUNCTION STEPS WARM_UP.

32x32 images, batch 128, channels last, SGD with momentum, one beta a channel, one thread. Prints milliseconds of processor time a step
as a JSON array; before it the version, and the seconds until the warm-up was done, compiling included.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

MODE, FUNCTION, STEPS, WARM_UP = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(1)
torch.manual_seed(0)


class Activation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.beta = None if FUNCTION == "relu" else nn.Parameter(torch.ones(channels, 1, 1))

    def forward(self, x):
        if FUNCTION == "relu":
            return F.relu(x)
        if FUNCTION == "swish":
            return x * torch.sigmoid(self.beta * x)
        return torch.maximum(torch.tanh(x), torch.sin(x)) * torch.sigmoid(self.beta * x + torch.exp(-x * x))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.first_activation = Activation(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.second_activation = Activation(outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if inputs != outputs else None

    def forward(self, x):
        branch = self.first_activation(self.first_norm(self.first(x)))
        branch = self.second_norm(self.second(branch))
        return self.second_activation(branch + (self.shortcut(x) if self.shortcut else x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.activation = Activation(16)
        blocks, channels = [], 16
        for outputs, stride in ((16, 1), (32, 2), (64, 2)):
            for index in range(3):
                blocks.append(Block(channels, outputs, stride if index == 0 else 1))
                channels = outputs
        self.blocks = nn.Sequential(*blocks)
        self.classes = nn.Linear(64, 10)

    def forward(self, x):
        return self.classes(self.blocks(self.activation(self.norm(self.stem(x)))).mean((2, 3)))


model = ResNet().to(memory_format=torch.channels_last)
images = torch.randn(128, 3, 32, 32).to(memory_format=torch.channels_last)
labels = torch.randint(0, 10, (128,))
run = torch.compile(model) if MODE == "compile" else model
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


def step():
    optimizer.zero_grad()
    loss = F.cross_entropy(run(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


started = time.time()
for _ in range(WARM_UP):
    step()
warm = time.time() - started
times = []
for _ in range(STEPS):
    started = time.process_time()
    step()
    times.append((time.process_time() - started) * 1e3)
print(torch.__version__, "warm after", warm, "s")
print(json.dumps(times))
