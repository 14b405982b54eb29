"""Trains a small ResNet on images that `activation-search data export` wrote. The five lines that a script of yours needs are marked."""

import os
import random
import sys

import numpy
import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))  # a copy beside the script needs no path
from activation_search_child import serve  # 1

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


class Block(nn.Module):
    """Two 3x3 convolutions around an activation, and the input added at the end."""

    def __init__(self, inputs, outputs, stride, activation):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            activation(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.end = activation()

    def forward(self, x):
        return self.end(self.body(x) + self.shortcut(x))


def resnet(channels, classes, width, activation):
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, 1, 1, bias=False),
        nn.BatchNorm2d(width),
        activation(),
        Block(width, width, 1, activation),
        Block(width, 2 * width, 2, activation),
        Block(2 * width, 4 * width, 2, activation),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4 * width, classes),
    )


def load(file):
    """Images as [count, channels, height, width] around 0, and their classes; of training, then of validation."""
    arrays = numpy.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), file))
    splits = []
    for split in ("train", "validation"):
        images = torch.tensor(arrays[f"x_{split}"], dtype=torch.float32)
        if images.dim() == 3:
            images = images.unsqueeze(-1)
        labels = torch.tensor(arrays[f"y_{split}"].astype("int64"))
        splits.append(((images.permute(0, 3, 1, 2) / 128 - 1).contiguous().to(device), labels.to(device)))
    return splits


data = {}


def train(trial):  # 2
    file, width, batch = trial.options["data"], trial.options["width"], trial.options["miniBatch"]
    if file not in data:
        data[file] = load(file)
    (images, labels), (validation, expected) = data[file]
    # All candidates get the same weights and the same mini-batches for a seed.
    random.seed(trial.seed)
    torch.manual_seed(trial.seed)
    activation = trial.load().Activation  # 3
    model = resnet(images.shape[1], int(labels.max()) + 1, width, activation).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4, nesterov=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, trial.steps)
    order = torch.Generator().manual_seed(trial.seed)
    for step in range(1, trial.steps + 1):
        chosen = torch.randint(len(images), (batch,), generator=order).to(device)
        loss = nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        trial.progress(step, loss.item())  # 4
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(part) for part in validation.split(1000)])
    return {
        "validationAccuracy": (logits.argmax(1) == expected).float().mean().item(),
        "validationLoss": nn.functional.cross_entropy(logits, expected).item(),
        "parameterCount": sum(parameter.numel() for parameter in model.parameters()),
    }


where = torch.cuda.get_device_name() if device == "cuda" else device
serve(train, {"torch": torch.__version__, "device": where})  # 5
