#!/usr/bin/env python3
"""An attacker who knows the detector: fools the model and its evidence at once.

    python3 adaptive.py --folder measured --model cnn --eps 0.05 0.1

Takes the model's weights (`cnn.pt`, as ops/examples/fashion/train.py wrote them), fits the
detector's surrogates himself on the images that the detector is fitted on (the worst case; quadratic
discriminant, kernel machines of two widths, and a smooth form of the nearest neighbours, at every tap
named), and descends by projected gradient on the sum of

    the margin of the right answer      (the model must be wrong by a clear margin)
  + for every surrogate and tap: by how much it prefers another class to the wrong answer

Every image whose attack fools the model is kept at the step at which the surrogates object least.
Writes the successes as .npz for `spectrawatch evaluate --attacked`.
"""

import argparse
import os
import sys

import numpy as np
import torch

import activations

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/fashion"))
import models  # noqa: E402

LANDMARKS = 2000
COORDINATES = 128
LEADING = 64  # coordinates that the quadratic discriminant reads


class Surrogates:
    """The detector's other models of one tap, in PyTorch, so that gradients go through them."""

    def __init__(self, rows, answers, classes):
        self.mean = rows.mean(0)
        some = rows[torch.randperm(len(rows))[:6000]] - self.mean
        k = min(COORDINATES, rows.shape[1])
        basis = torch.randn(rows.shape[1], k + 8)
        for _ in range(5):
            basis = torch.linalg.qr(some.T @ (some @ basis))[0]
        _, _, v = torch.linalg.svd(some @ basis, full_matrices=False)
        self.basis = (basis @ v.T)[:, :k]
        z = (rows - self.mean) @ self.basis
        self.discriminant(z[:, :LEADING], answers, classes)
        self.landmarks = z[torch.randperm(len(z))[:LANDMARKS]]
        self.owners = torch.cat(
            [self.answers_of(z, answers, part) for part in self.landmarks.split(500)]
        )
        self.median = torch.cdist(self.landmarks[:300], self.landmarks).square().median()
        self.machines = [self.machine(z, answers, classes, rate) for rate in (2, 8)]
        # Spacing of neighbours: the smooth minimum is taken on that scale.
        near = torch.cdist(self.landmarks[:300], self.landmarks).square().topk(4, largest=False)
        self.near = near.values[:, 1:].mean()
        self.classes = classes
        self.usual = 0

    @staticmethod
    def answers_of(z, answers, part):
        return answers[torch.cdist(part, z).argmin(1)]

    def discriminant(self, z, answers, classes):
        k = z.shape[1]
        centred = torch.cat([z[answers == c] - z[answers == c].mean(0) for c in range(classes)])
        shared = centred.T @ centred / len(centred)
        shared += 1e-4 * shared.trace() / k * torch.eye(k)
        self.means, self.whitenings, self.offsets = [], [], []
        for c in range(classes):
            own = z[answers == c]
            share = max(0.1, k / (k + len(own)))
            covariance = share * shared + (1 - share) * torch.cov(own.T, correction=0)
            self.means.append(own.mean(0))
            self.whitenings.append(torch.linalg.inv(torch.linalg.cholesky(covariance)))
            self.offsets.append(torch.logdet(covariance))

    def machine(self, z, answers, classes, rate):
        moment = torch.zeros(LANDMARKS, LANDMARKS, dtype=torch.double)
        targets = torch.zeros(LANDMARKS, classes, dtype=torch.double)
        for part, owner in zip(z.split(2000), answers.split(2000)):
            features = self.features(part, rate).double()
            moment += features.T @ features
            targets += features.T @ torch.eye(classes, dtype=torch.double)[owner]
        moment += 1e-6 * len(z) * torch.eye(LANDMARKS)
        return rate, torch.linalg.solve(moment, targets).float()

    def features(self, z, rate):
        return torch.exp(-rate / self.median * torch.cdist(z, self.landmarks).square())

    def outputs(self, rows):
        """What each surrogate says of each class, (n, classes) each, larger is likelier."""
        z = (rows - self.mean) @ self.basis
        lead = z[:, :LEADING]
        shape = torch.stack(
            [
                -0.5 * (((lead - m) @ w.T).square().sum(1) + o)
                for m, w, o in zip(self.means, self.whitenings, self.offsets)
            ],
            1,
        )
        squared = torch.cdist(z, self.landmarks).square()
        near = torch.stack(
            [
                torch.logsumexp(-squared[:, self.owners == c] / self.near, 1)
                for c in range(self.classes)
            ],
            1,
        )
        kernels = [torch.exp(-r / self.median * squared) @ w for r, w in self.machines]
        return [shape, near, *kernels]


def margins(outputs, answer):
    """By how much the best other class is preferred to the one answered."""
    own = outputs.gather(1, answer[:, None])[:, 0]
    return outputs.scatter(1, answer[:, None], -1e9).max(1)[0] - own


class Attack:
    def __init__(self, model, taps, views, spreads, weight, confidence):
        self.model = model
        self.taps = taps
        self.views = views
        self.spreads = spreads
        self.weight = weight
        self.confidence = confidence

    def objections(self, tensors, answer):
        """Standardised margins of all surrogates, summed where they are above the usual."""
        total = 0
        for tap, view in self.views.items():
            for outputs, spread in zip(view.outputs(tensors[tap]), self.spreads[tap]):
                middle, width = spread
                total = total + torch.clamp((margins(outputs, answer) - middle) / width, min=0)
        return total

    def tensors(self, z):
        logits, *inner = self.model(z)
        named = dict(zip(self.model.layers, [t.flatten(1) for t in inner]))
        return logits, {"input": z.flatten(1), **named}

    def run(self, x, y, eps, steps):
        eps = 255 * eps
        z = (x + torch.empty_like(x).uniform_(-eps / 4, eps / 4)).clamp(0, 255)
        best, least = x.clone(), torch.full((len(x),), float("inf"))
        for step in range(steps):
            z = z.detach().requires_grad_(True)
            logits, tensors = self.tensors(z)
            right = logits.gather(1, y[:, None])[:, 0]
            wrong, answer = logits.scatter(1, y[:, None], -1e9).max(1)
            objections = self.objections(tensors, answer)
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


def spreads(view, rows, answers):
    """Middle and width of each surrogate's margins on clean rows."""
    with torch.no_grad():
        found = [margins(outputs, answers) for outputs in view.outputs(rows)]
    return [(f.median(), f.quantile(0.95) - f.median() + 1e-6) for f in found]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    arguments.add_argument("--folder", required=True, help="what train.py wrote with --all")
    arguments.add_argument("--model", default="cnn", choices=sorted(models.MODELS))
    arguments.add_argument("--taps", nargs="+", default=["input", "block0"])
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
    attack = Attack(model, given.taps, {}, {}, given.weight, given.confidence)
    images = activations.read(os.path.join(given.folder, "reference.npz"))
    rows = {tap: [] for tap in given.taps}
    answers = []
    with torch.no_grad():
        for block in models.pixels_of(images).split(500):
            logits, tensors = attack.tensors(block)
            answers.append(logits.argmax(1))
            for tap in given.taps:
                rows[tap].append(tensors[tap])
        answers = torch.cat(answers)
        for tap in given.taps:
            whole = torch.cat(rows.pop(tap))
            attack.views[tap] = Surrogates(whole, answers, 10)
            attack.spreads[tap] = spreads(attack.views[tap], whole[:2000], answers[:2000])
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
