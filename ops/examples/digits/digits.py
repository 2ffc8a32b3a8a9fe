#!/usr/bin/env python3
"""Trains a small network on scikit-learn's digits, exports it, and makes the images and the attacks
beside it.

    apt-get install python3-torch python3-numpy python3-sklearn
    python3 digits.py --out .

A minute on one core. Needs no network and no GPU; the seed fixes the weights on one kind of machine,
other builds of PyTorch round differently.
"""

import argparse
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "mnist"))
import train as mnist  # the attacks

TRAINING = 600  # of 1,797 images
REFERENCE = 900  # images the monitor calibrates on; the others are clean ones to measure on


class Model(nn.Module):
    """Pixels 0..255 in, logits and three inner tensors out."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 16, 3, padding=1)
        self.second = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.embedding = nn.Linear(32 * 16, 48)
        self.head = nn.Linear(48, 10)

    def forward(self, pixels):
        conv0 = F.relu(self.first(pixels / 255))
        conv1 = F.relu(self.second(conv0))
        embedding = F.relu(self.embedding(conv1.flatten(1)))
        return self.head(embedding), conv0, conv1, embedding


def train(model, x, y, epochs):
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(0, len(x), 50):
            rows = order[i : i + 50]
            loss = F.cross_entropy(model(x[rows])[0], y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    model.eval()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", default=".")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--epochs", type=int, default=40)
    given = arguments.parse_args()
    torch.manual_seed(given.seed)

    digits = load_digits()
    order = np.random.RandomState(given.seed).permutation(len(digits.images))
    images = np.round(digits.images[order] * 255 / 16).astype(np.uint8)
    x = mnist.pixels_of(images)
    y = torch.tensor(digits.target[order].astype(np.int64))
    model = Model()
    train(model, x[:TRAINING], y[:TRAINING], given.epochs)
    right = mnist.logits_of(model, x).argmax(1) == y
    print(f"accuracy {right[TRAINING:].float().mean():.4f} on {len(x) - TRAINING}", flush=True)

    names = ["logits", "conv0", "conv1", "embedding"]
    torch.onnx.export(
        model,
        x[:2],
        os.path.join(given.out, "digits.onnx"),
        input_names=["pixels"],
        output_names=names,
        dynamic_axes={n: {0: "n"} for n in ["pixels", *names]},
        opset_version=13,
    )
    mnist.save(given.out, "reference", x[TRAINING : TRAINING + REFERENCE])
    clean = torch.nonzero(right)[:, 0]
    clean = clean[clean >= TRAINING + REFERENCE]
    x, y = x[clean], y[clean]
    mnist.save(given.out, "clean", x)
    attacks = {
        "fgsm-0.1": lambda: mnist.fgsm(model, x, y, 0.1 * 255),
        "fgsm-0.2": lambda: mnist.fgsm(model, x, y, 0.2 * 255),
        "pgd-0.1": lambda: mnist.pgd(model, x, y, 0.1 * 255),
        "pgd-0.2": lambda: mnist.pgd(model, x, y, 0.2 * 255),
        "pgd-l2-1": lambda: mnist.pgd_l2(model, x, y, 1.0 * 255),
        "cw-l2": lambda: mnist.carlini_wagner(model, x, y),
    }
    for name, attack in attacks.items():
        attacked = torch.round(attack())
        fooled = mnist.logits_of(model, attacked).argmax(1) != y
        print(f"{name} fools the model on {fooled.float().mean():.3f} of the digits", flush=True)
        mnist.save(given.out, name, attacked[fooled])


if __name__ == "__main__":
    main()
