#!/usr/bin/env python3
"""An attacker who knows the detector: fools the model and lowers the detector's scores at once.

    python3 adaptive.py --data package/data --out /tmp/adaptive --eps 0.3

Trains the model of train.py again from the same seed, fits the detector's class models at block0 on
the same digits, and runs projected gradient descent on the sum of

    the margin of the right answer      (the model must be wrong by a clear margin)
  + how much better another class explains block0 than the wrong answer
  + how unusual block0 is under the wrong answer's own Gaussian
  + how far the share of energy outside the leading directions is from its usual value

Writes the successes as .npz for `spectrawatch evaluate --attacked`.
"""

import argparse
import os

import numpy as np
import torch

import train as example

COORDINATES = 128
LEADING = 40  # directions that count as the signal at block0


class Block0:
    """The detector's view of block0 in PyTorch, so that gradients go through it."""

    def __init__(self, model, digits):
        with torch.no_grad():
            parts = [model(digits[i : i + 500]) for i in range(0, len(digits), 500)]
        rows = torch.cat([p[1].flatten(1) for p in parts]).double()
        predicted = torch.cat([p[0] for p in parts]).argmax(1)
        self.mean = rows.mean(0)
        _, _, v = torch.linalg.svd(rows - self.mean, full_matrices=False)
        self.basis = v[:COORDINATES]
        z = (rows - self.mean) @ self.basis.T
        centred = torch.cat([z[predicted == c] - z[predicted == c].mean(0) for c in range(10)])
        shared = centred.T @ centred / len(centred)
        shared += 1e-4 * shared.trace() / COORDINATES * torch.eye(COORDINATES)
        self.means, self.whitenings, self.offsets = [], [], []
        for c in range(10):
            own = z[predicted == c]
            share = COORDINATES / (COORDINATES + len(own))
            covariance = share * shared + (1 - share) * torch.cov(own.T, correction=0)
            self.means.append(own.mean(0))
            self.whitenings.append(torch.linalg.inv(torch.linalg.cholesky(covariance)))
            self.offsets.append(torch.logdet(covariance))
        self.usual_shape = self.shapes(rows).gather(1, predicted[:, None])[:, 0].mean()
        self.usual_share = self.share(rows).log().mean()

    def shapes(self, rows):
        z = (rows - self.mean) @ self.basis.T
        return torch.stack(
            [
                (((z - m) @ w.T) ** 2).sum(1) + o
                for m, w, o in zip(self.means, self.whitenings, self.offsets)
            ],
            1,
        )

    def share(self, rows):
        centred = rows - self.mean
        inside = ((centred @ self.basis[:LEADING].T) ** 2).sum(1)
        return 1 - inside / (centred**2).sum(1)


def cost(model, view, z, y, margin, weights):
    logits, block0 = model(z)[:2]
    right = logits.gather(1, y[:, None])[:, 0]
    others = logits.scatter(1, y[:, None], -1e9)
    wrong, answer = others.max(1)
    rows = block0.flatten(1).double()
    shapes = view.shapes(rows)
    own = shapes.gather(1, answer[:, None])[:, 0]
    best = shapes.scatter(1, answer[:, None], 1e18).min(1)[0]
    return (
        torch.clamp(right - wrong + margin, min=0)
        + weights[0] * torch.clamp(own - best + 20, min=0) / 10
        + weights[1] * torch.clamp(own - view.usual_shape, min=0) / 10
        + weights[2] * (view.share(rows).log() - view.usual_share).abs() * 10
    ).sum()


def attack(model, view, x, y, eps, steps, margin, weights):
    z = (x + torch.empty_like(x).uniform_(-eps / 4, eps / 4)).clamp(0, 255)
    for step in range(steps):
        z = z.detach().requires_grad_(True)
        slope = torch.autograd.grad(cost(model, view, z, y, margin, weights), z)[0]
        size = eps / 4 * 0.5 * (1 + np.cos(np.pi * step / steps)) + 0.5
        z = z - size * slope.sign()
        z = torch.max(torch.min(z, x + eps), x - eps).clamp(0, 255)
    return z.detach()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", required=True)
    arguments.add_argument("--out", default=".")
    arguments.add_argument("--eps", type=float, nargs="+", default=[0.1, 0.2, 0.3])
    arguments.add_argument("--steps", type=int, default=100)
    arguments.add_argument("--margin", type=float, default=8)
    arguments.add_argument("--weights", type=float, nargs=3, default=[1, 1, 1])
    arguments.add_argument("--count", type=int, default=400)
    given = arguments.parse_args()
    torch.manual_seed(1)
    model = example.Model()
    images = example.read_idx(given.data, "train-images-idx3-ubyte")[: example.TRAINING]
    labels = example.read_idx(given.data, "train-labels-idx1-ubyte")[: example.TRAINING]
    example.train(model, images, labels, 3)
    digits = example.pixels_of(example.read_idx(given.data, "t10k-images-idx3-ubyte"))
    truth = torch.tensor(
        example.read_idx(given.data, "t10k-labels-idx1-ubyte").astype(np.int64)
    )
    view = Block0(model, digits[: example.REFERENCE])
    right = example.logits_of(model, digits).argmax(1) == truth
    start = torch.nonzero(right)[:, 0]
    start = start[start >= example.REFERENCE][: given.count]
    x, y = digits[start], truth[start]
    os.makedirs(given.out, exist_ok=True)
    for eps in given.eps:
        found = torch.cat(
            [
                attack(
                    model, view, x[i : i + 100], y[i : i + 100], eps * 255,
                    given.steps, given.margin, given.weights,
                )
                for i in range(0, len(x), 100)
            ]
        )
        found = torch.round(found)
        fooled = example.logits_of(model, found).argmax(1) != y
        print(f"adaptive {eps} fools the model on {fooled.float().mean():.3f}", flush=True)
        example.save(given.out, f"adaptive-{eps}", found[fooled])


if __name__ == "__main__":
    main()
