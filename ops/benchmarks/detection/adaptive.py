#!/usr/bin/env python3
"""An attacker who knows the detector: fools the model and its evidence at once.

    python3 adaptive.py --folder measured --model cnn --eps 0.05 0.1

Takes the model's weights (`cnn.pt`, as ops/examples/fashion/train.py wrote them), fits the
detector's surrogates of the input himself on the images that the detector is fitted on (the worst
case), as a detector of version 9 fits them: kernel machines of two widths on the leading
coordinates of the pixels, a ridge regression on what patches look like, and a kernel machine on the
leading coordinates of that, all to the softmax of the model's logits. Then he descends by projected
gradient on the sum of

    the margin of the right answer  (the model must be wrong by a clear margin)
  + for every surrogate: by how much it prefers another class to the wrong answer

Every image whose attack fools the model is kept at the step at which the surrogates object least.
Writes the successes as .npz for `spectrawatch evaluate --attacked`.
"""

import argparse
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

import activations

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../examples/fashion"))
import models  # noqa: E402

LANDMARKS = 2500
COORDINATES = 128
RIDGE = 1e-6  # per row, of kernel machines
WIDE, NARROW = 2, 8  # how fast features fall, per median squared distance
SIDE, STRIDE, CELLS = 6, 2, 4  # pixels of a patch, between patches; cells on a side of the image
EXEMPLARS = 32
PATCHES = 1 << 16  # that exemplars and covariance are taken from
PATCH_RIDGE = 1e-2  # per row, of the regression on patches


def leading(rows):
    """Leading principal directions of centred rows, one a column."""
    return torch.linalg.eigh((rows.T @ rows).double())[1].flip(1)[:, :COORDINATES].float()


class KernelMachines:
    """Least squares on radial features about landmarks, a machine for every rate."""

    def __init__(self, z, targets, chosen, rates):
        self.landmarks = z[chosen]
        self.median = self.squared(self.landmarks[::10]).median()
        self.rates = rates
        # Summed by NumPy: the products of PyTorch are slow where it was built without a tuned BLAS.
        moments = [np.zeros((len(chosen), len(chosen))) for _ in rates]
        sums = [np.zeros((len(chosen), targets.shape[1])) for _ in rates]
        for part, wanted in zip(z.split(2000), targets.split(2000)):
            for moment, own, features in zip(moments, sums, self.features(part)):
                features = features.double().numpy()
                moment += features.T @ features
                own += features.T @ wanted.double().numpy()
        ridge = RIDGE * len(z) * np.eye(len(chosen))
        solved = [np.linalg.solve(moment + ridge, own) for moment, own in zip(moments, sums)]
        self.weights = [torch.tensor(weights).float() for weights in solved]

    def squared(self, z):
        norms = z.square().sum(1, keepdim=True) + self.landmarks.square().sum(1)
        return (norms - 2 * z @ self.landmarks.T).clamp(min=0)

    def features(self, z):
        squared = self.squared(z) / self.median
        return [torch.exp(-rate * squared) for rate in self.rates]

    def outputs(self, z):
        return [features @ weights for features, weights in zip(self.features(z), self.weights)]


class Patches:
    """What the patches of an image look like and about where, standardised."""

    def __init__(self, images):
        which = torch.randint(len(images), (PATCHES, 1, 1))
        down, across = torch.randint(images.shape[-1] - SIDE + 1, (2, PATCHES, 1, 1))
        lines, pixels = down + torch.arange(SIDE)[:, None], across + torch.arange(SIDE)
        cut = images[which, 0, lines, pixels].flatten(1)
        mean = cut.mean(0)
        cut = cut - mean
        covariance = cut.T @ cut / len(cut)
        ridge = 0.1 * covariance.trace() / len(covariance)
        inverse = torch.linalg.inv(covariance + ridge * torch.eye(len(covariance)))
        drawn = cut[: 2 * EXEMPLARS] @ inverse
        lengths = (drawn * cut[: 2 * EXEMPLARS]).sum(1)
        longer = lengths.argsort(descending=True)[:EXEMPLARS]  # the others are blank ones
        filters = drawn[longer] / lengths[longer, None].sqrt()
        self.filters = filters.view(EXEMPLARS, 1, SIDE, SIDE)
        self.offsets = -filters @ mean
        self.thresholds = 0.5 * (cut @ filters.T).square().mean(0).sqrt()
        self.mean, self.scale = 0, 1  # until their own are known
        rows = torch.cat([self.of(part) for part in images.split(1000)])
        deviations = rows.std(0, unbiased=False)
        usual = deviations.square().mean().sqrt()
        self.scale = torch.where(deviations > 1e-3 * usual, 1 / deviations, torch.tensor(0.0))
        self.mean = rows.mean(0)

    def of(self, images):
        responses = F.conv2d(images, self.filters, self.offsets, STRIDE)
        thresholds = self.thresholds[:, None, None]
        sides = torch.cat([F.relu(responses - thresholds), F.relu(-responses - thresholds)], 1)
        cells = F.avg_pool2d(sides, responses.shape[-1] // CELLS)
        return (cells.flatten(1) - self.mean) * self.scale


class Surrogates:
    """The detector's other models of images, in PyTorch, so that gradients go through them."""

    def __init__(self, images, targets):
        count = min(LANDMARKS, len(images) // 2)
        ordered = torch.sort(targets.argmax(1), stable=True).indices
        chosen = ordered[torch.arange(count) * len(images) // count]
        pixels = images.flatten(1)
        self.mean = pixels.mean(0)
        self.basis = leading(pixels - self.mean)
        coordinates = (pixels - self.mean) @ self.basis
        self.machines = KernelMachines(coordinates, targets, chosen, [WIDE, NARROW])
        self.patches = Patches(images)
        rows = torch.cat([self.patches.of(part) for part in images.split(1000)])
        self.usual = targets.mean(0)
        ridge = PATCH_RIDGE * len(rows) * torch.eye(rows.shape[1])
        self.linear = torch.linalg.solve(rows.T @ rows + ridge, rows.T @ (targets - self.usual))
        self.directions = leading(rows)
        self.patch_machine = KernelMachines(rows @ self.directions, targets, chosen, [WIDE])

    def outputs(self, images):
        """What each surrogate says of each class, (n, classes) each, larger is likelier."""
        patches = self.patches.of(images)
        return [
            *self.machines.outputs((images.flatten(1) - self.mean) @ self.basis),
            patches @ self.linear + self.usual,
            *self.patch_machine.outputs(patches @ self.directions),
        ]


def margins(outputs, answer):
    """By how much the best other class is preferred to the one answered."""
    own = outputs.gather(1, answer[:, None])[:, 0]
    return outputs.scatter(1, answer[:, None], -1e9).max(1)[0] - own


class Attack:
    def __init__(self, model, surrogates, spreads, weight, confidence):
        self.model = model
        self.surrogates = surrogates
        self.spreads = spreads
        self.weight = weight
        self.confidence = confidence

    def objections(self, z, answer):
        """Standardised margins of all surrogates, summed where they are above the usual."""
        total = 0
        for outputs, (middle, width) in zip(self.surrogates.outputs(z), self.spreads):
            total = total + torch.clamp((margins(outputs, answer) - middle) / width, min=0)
        return total

    def run(self, x, y, eps, steps):
        eps = 255 * eps
        z = (x + torch.empty_like(x).uniform_(-eps / 4, eps / 4)).clamp(0, 255)
        best, least = x.clone(), torch.full((len(x),), float("inf"))
        for step in range(steps):
            z = z.detach().requires_grad_(True)
            logits = self.model(z)[0]
            right = logits.gather(1, y[:, None])[:, 0]
            wrong, answer = logits.scatter(1, y[:, None], -1e9).max(1)
            objections = self.objections(z, answer)
            with torch.no_grad():
                better = (wrong > right) & (objections < least)
                best[better] = z[better]
                least[better] = objections[better]
            cost = torch.clamp(right - wrong + self.confidence, min=0) + self.weight * objections
            slope = torch.autograd.grad(cost.sum(), z)[0]
            size = eps / 8 * (1 + np.cos(np.pi * step / steps)) + 0.5
            z = z - size * slope.sign()
            z = torch.max(torch.min(z, x + eps), x - eps).clamp(0, 255)
        return torch.round(best)


def spreads(surrogates, images, answers):
    """Middle and width of each surrogate's margins on clean images."""
    with torch.no_grad():
        found = [margins(outputs, answers) for outputs in surrogates.outputs(images)]
    return [(f.median(), f.quantile(0.95) - f.median() + 1e-6) for f in found]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    arguments.add_argument("--folder", required=True, help="what train.py wrote with --all")
    arguments.add_argument("--model", default="cnn", choices=sorted(models.MODELS))
    arguments.add_argument("--eps", type=float, nargs="+", default=[0.05, 0.1])
    arguments.add_argument("--steps", type=int, default=100)
    arguments.add_argument("--weight", type=float, default=1)
    arguments.add_argument("--confidence", type=float, default=1)
    arguments.add_argument("--count", type=int, default=300)
    given = arguments.parse_args()
    torch.manual_seed(1)
    model = models.MODELS[given.model]()
    model.load_state_dict(torch.load(os.path.join(given.folder, given.model + ".pt")))
    model.eval()
    images = models.pixels_of(activations.read(os.path.join(given.folder, "reference.npz")))
    logits = models.logits_of(model, images)
    surrogates = Surrogates(images, logits.softmax(1))
    usual = spreads(surrogates, images[:2000], logits[:2000].argmax(1))
    attack = Attack(model, surrogates, usual, given.weight, given.confidence)
    tests, labels = models.read_all(given.data)
    x, y = models.pixels_of(tests[-10000:]), torch.tensor(labels[-10000:])
    start = torch.nonzero(models.logits_of(model, x[:2000]).argmax(1) == y[:2000])[:, 0]
    x, y = x[start][: given.count], y[start][: given.count]
    for eps in given.eps:
        parts = zip(x.split(100), y.split(100))
        found = torch.cat([attack.run(a, b, eps, given.steps) for a, b in parts])
        fooled = models.logits_of(model, found).argmax(1) != y
        print(f"adaptive {eps} fools {given.model} on {fooled.float().mean():.3f}", flush=True)
        kept = found[fooled].squeeze(1).numpy().clip(0, 255).astype(np.uint8)
        name = f"adaptive-{given.model}-{eps}.npz"
        np.savez_compressed(os.path.join(given.folder, name), images=kept)


if __name__ == "__main__":
    main()
