"""Makes weights.npz, attacked.npz and covered.npy from the digits of ../mnist.

    python make.py [--epochs 12]

The model learns what that of ../mnist answers to the first 3,600 digits of reference.npz; those
that follow calibrate the detector. Needs torch and onnx.
The attack covers 16 by 16 pixels of a digit, 16 tokens, with whatever makes the model answer
wrongly (PGD without a bound on the pixels covered), where in the picture is drawn by chance.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from model import SIDE, SQUARE, WEIGHTS, Model
from onnx import numpy_helper
from torch import nn

MNIST = Path(__file__).resolve().parents[1] / "mnist"
sys.path.append(str(MNIST))
import train  # noqa: E402

LEARNT = 3600
ATTACKED = 160
TRIED = 400
COVERED = 4  # tokens in either direction
STEPS = 12
STEP = 64.0


def teacher():
    """What the network of ../mnist answers."""
    weights = onnx.load(str(MNIST / "mnist.onnx")).graph.initializer
    model = train.Model().eval()
    model.load_state_dict({w.name: torch.tensor(numpy_helper.to_array(w)) for w in weights})
    return lambda images: train.logits_of(model, images).argmax(1)


def digits(name, answers):
    """The digits of a file, and the answers to them."""
    with np.load(MNIST / f"{name}.npz") as file:
        images = torch.tensor(file["images"]).float().unsqueeze(1)
    return images, answers(images)


def shifted(x):
    """Up to two pixels away."""
    padded = nn.functional.pad(x, (2, 2, 2, 2))
    top, left = torch.randint(0, 5, (2,)).tolist()
    return padded[:, :, top : top + SIDE, left : left + SIDE]


def learn(model, images, labels, epochs):
    """AdamW at a rate that falls as a cosine does."""
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.05)
    steps = epochs * -(-len(images) // 100)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images)).split(100):
            loss = nn.functional.cross_entropy(model(shifted(images[chosen])), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def attacked(model, images, labels):
    """Digits with a square of tokens covered, and the first token of each cover."""
    across = SIDE // SQUARE
    corners = torch.randint(0, across - COVERED + 1, (len(images), 2))
    cover = torch.zeros_like(images)
    for mask, (top, left) in zip(cover, (corners * SQUARE).tolist(), strict=True):
        mask[:, top : top + COVERED * SQUARE, left : left + COVERED * SQUARE] = 1
    x = torch.where(cover == 1, torch.rand_like(images) * 255, images)
    for _ in range(STEPS):
        x.requires_grad_(True)
        loss = nn.functional.cross_entropy(model(x), labels)
        (slope,) = torch.autograd.grad(loss, x)
        x = (x.detach() + STEP * slope.sign() * cover).clamp(0, 255)
    return x.round(), corners[:, 0] * across + corners[:, 1]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--epochs", type=int, default=12)
    options = arguments.parse_args()
    torch.manual_seed(7)
    images, labels = digits("reference", teacher())
    model = Model()
    learn(model, images[:LEARNT], labels[:LEARNT], options.epochs)
    model.eval()
    np.savez_compressed(WEIGHTS, **{name: w.numpy() for name, w in model.state_dict().items()})

    clean, truth = digits("clean", teacher())
    with torch.no_grad():
        right = model(clean).argmax(1) == truth
    print(f"{right.float().mean():.3f} of clean.npz right")
    clean, truth = clean[right][:TRIED], truth[right][:TRIED]
    x, first = attacked(model, clean, truth)
    with torch.no_grad():
        fooled = model(x).argmax(1) != truth
    print(f"{fooled.float().mean():.3f} of those wrong with 16 tokens covered")
    x, first = x[fooled][:ATTACKED], first[fooled][:ATTACKED]
    images = x[:, 0].numpy().astype(np.uint8)
    np.savez_compressed(WEIGHTS.with_name("attacked.npz"), images=images)
    np.save(WEIGHTS.with_name("covered.npy"), first.numpy().astype(np.int32))


if __name__ == "__main__":
    main()
