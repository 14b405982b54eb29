"""Trains a plain network in JAX on images that `activation-search data export` wrote."""

import os
import sys

import jax
import jax.numpy as jnp
import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))  # a copy beside the script needs no path
from activation_search_child import serve


def load(file):
    arrays = numpy.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), file))
    return [
        (jnp.asarray(arrays[f"x_{split}"].reshape(len(arrays[f"y_{split}"]), -1) / 128 - 1), jnp.asarray(arrays[f"y_{split}"]))
        for split in ("train", "validation")
    ]


def network(module, key, sizes):
    """First weights by layer, with the activation's own parameters for each channel; and what they compute."""
    initial = getattr(module, "init_activation", lambda shape: {})
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        key, own = jax.random.split(key)
        weights = jax.random.normal(own, (inputs, outputs)) * jnp.sqrt(2 / inputs)
        layers.append({"weights": weights, "bias": jnp.zeros(outputs), "activation": initial((outputs,))})

    def apply(layers, x):
        for layer in layers[:-1]:
            x = module.activation(x @ layer["weights"] + layer["bias"], **layer["activation"])
        return x @ layers[-1]["weights"] + layers[-1]["bias"]

    return layers, apply


data = {}


def train(trial):
    file, width, depth, batch = (trial.options[key] for key in ("data", "width", "depth", "miniBatch"))
    if file not in data:
        data[file] = load(file)
    (images, labels), (validation, expected) = data[file]
    classes = int(labels.max()) + 1
    sizes = [images.shape[1], *[width] * depth, classes]
    layers, apply = network(trial.load(), jax.random.key(trial.seed), sizes)

    def loss_of(layers, x, y):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(apply(layers, x)), y[:, None].astype(int), 1))

    @jax.jit
    def step_of(layers, speeds, x, y, rate):
        loss, gradients = jax.value_and_grad(loss_of)(layers, x, y)
        speeds = jax.tree.map(lambda speed, gradient: 0.9 * speed + gradient, speeds, gradients)
        return jax.tree.map(lambda value, speed: value - rate * speed, layers, speeds), speeds, loss

    order = numpy.random.default_rng(trial.seed)
    speeds = jax.tree.map(jnp.zeros_like, layers)
    for step in range(1, trial.steps + 1):
        chosen = order.integers(len(images), size=batch)
        rate = 0.025 * (1 + numpy.cos(numpy.pi * step / trial.steps))
        layers, speeds, loss = step_of(layers, speeds, images[chosen], labels[chosen], rate)
        trial.progress(step, loss)
    logits = apply(layers, validation)
    return {
        "validationAccuracy": jnp.mean(jnp.argmax(logits, 1) == expected),
        "validationLoss": loss_of(layers, validation, expected),
        "parameterCount": sum(leaf.size for leaf in jax.tree.leaves(layers)),
        "learned": {
            name: [layer["activation"][name].tolist() for layer in layers[:-1]] for name in layers[0]["activation"]
        },
    }


serve(train, {"jax": jax.__version__, "device": str(jax.devices()[0])})
