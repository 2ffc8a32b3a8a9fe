#!/usr/bin/env python3
"""Trains the Fashion-MNIST models, exports them, and makes the images and the attacks beside them.

    apt-get install dataset-fashion-mnist python3-torch python3-onnx python3-numpy
    pip install foolbox 'numpy<2'
    python3 train.py --out .

About half an hour on one core, most of it attacks. Needs no network and no GPU; the seed fixes the
weights on one kind of machine, other builds of PyTorch round differently. With `--all` it writes
what the measurements take (20,000 reference and 20,000 clean images), else what is shipped.
"""

import argparse
import os

import numpy as np
import torch

import attacks
import models

REFERENCE = 20000  # images the monitor calibrates on, none of them trained on
CLEAN = 20000  # the rest: 10,000 of the training images and the 10,000 test images
STARTS = 400  # test images the models answer rightly, from which every attack starts
SLOW = {"cw-l2", "deepfool", "square-0.1", "elastic-net"}
SLOW_STARTS = {"cnn": STARTS, "mlp": STARTS, "vit": 100}

SHIPPED_REFERENCE = 3000
SHIPPED_CLEAN = 2000
SHIPPED_ATTACKS = {
    "cnn": ["fgsm-0.05", "pgd-0.05", "pgd-0.1", "momentum-0.07", "patch", "cw-l2"],
    "vit": ["fgsm-0.05", "pgd-0.05", "pgd-0.1", "momentum-0.07", "patch"],
    "mlp": [],
}
SHIPPED_SUCCESSES = 200
ATTACKS = [
    "fgsm-0.02",
    "fgsm-0.05",
    "fgsm-0.1",
    "pgd-0.02",
    "pgd-0.05",
    "pgd-0.1",
    "pgd-l2-1.5",
    "cw-l2",
    "deepfool",
    "square-0.1",
    "patch",
    "transfer-0.1",
    "momentum-0.07",
    "elastic-net",
]
EPOCHS = {"cnn": 12, "vit": 7, "mlp": 12}


def save(out, name, images):
    """8-bit, as a camera would deliver them."""
    path = os.path.join(out, name + ".npz")
    np.savez_compressed(path, images=images)
    print(f"{name}: {len(images)} images, {os.path.getsize(path)} bytes", flush=True)


def attacked(model, other, x, y):
    """Attacks by name. `other` is a model that the attacker trained."""
    library = attacks.Foolbox(model)
    return {
        "fgsm-0.02": lambda: attacks.fgsm(model, x, y, 0.02),
        "fgsm-0.05": lambda: attacks.fgsm(model, x, y, 0.05),
        "fgsm-0.1": lambda: attacks.fgsm(model, x, y, 0.1),
        "pgd-0.02": lambda: attacks.pgd(model, x, y, 0.02),
        "pgd-0.05": lambda: attacks.pgd(model, x, y, 0.05),
        "pgd-0.1": lambda: attacks.pgd(model, x, y, 0.1),
        "pgd-l2-1.5": lambda: attacks.pgd_l2(model, x, y, 1.5),
        "cw-l2": lambda: library.carlini_wagner(x, y),
        "deepfool": lambda: library.deepfool(x, y),
        "square-0.1": lambda: attacks.square(model, x, y, 0.1),
        "patch": lambda: attacks.patch(model, x, y),
        "transfer-0.1": lambda: attacks.pgd(other, x, y, 0.1),
        "momentum-0.07": lambda: attacks.momentum(model, x, y, 0.07),
        "elastic-net": lambda: library.elastic_net(x, y),
    }


def bytes_of(x):
    return np.round(x.squeeze(1).numpy()).clip(0, 255).astype(np.uint8)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    arguments.add_argument("--out", default=".")
    arguments.add_argument("--model", nargs="+", choices=sorted(models.MODELS), default=["cnn", "vit"])
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--all", action="store_true")
    given = arguments.parse_args()
    images, labels = models.read_all(given.data)
    train = images[: models.TRAINING], labels[: models.TRAINING]
    os.makedirs(given.out, exist_ok=True)
    reference = images[models.TRAINING :][: REFERENCE if given.all else SHIPPED_REFERENCE]
    clean = images[-CLEAN:] if given.all else images[-SHIPPED_CLEAN:]
    save(given.out, "reference", reference)
    save(given.out, "clean", clean)

    torch.manual_seed(given.seed + 100)
    other = models.train(models.Cnn(), *train, 4)
    for name in given.model:
        torch.manual_seed(given.seed)
        model = models.train(models.MODELS[name](), *train, EPOCHS[name])
        models.export(model, os.path.join(given.out, name + ".onnx"))
        torch.save(model.state_dict(), os.path.join(given.out, name + ".pt"))
        tests = models.pixels_of(images[-10000:])
        truth = torch.tensor(labels[-10000:])
        right = models.logits_of(model, tests).argmax(1) == truth
        print(f"{name}: accuracy {right.float().mean():.4f} on 10,000 test images", flush=True)
        start = torch.nonzero(right)[:, 0][:STARTS]
        for attack in ATTACKS:
            if not given.all and attack not in SHIPPED_ATTACKS[name]:
                continue
            count = SLOW_STARTS[name] if attack in SLOW else STARTS
            x, y = tests[start][:count], truth[start][:count]
            make = attacked(model, other, x, y)[attack]
            torch.manual_seed(given.seed)
            made = torch.round(make())
            fooled = models.logits_of(model, made).argmax(1) != y
            print(f"{attack} fools {name} on {fooled.float().mean():.3f}", flush=True)
            kept = bytes_of(made[fooled])
            save(given.out, f"{name}-{attack}", kept if given.all else kept[:SHIPPED_SUCCESSES])
        if given.all:
            for change, made in attacks.benign(tests[:2000]).items():
                save(given.out, f"benign-{change}", bytes_of(made))


if __name__ == "__main__":
    main()
