#!/usr/bin/env python3
"""Published passive detectors on the same model, reference, clean and attacked rows as `evaluate`.

    python3 peers.py --model m.onnx --reference R.npz --clean C.npz --attacked A.npz [...]

Prints a line per detector: area under the ROC curve and share detected at 1 % false positives of
every attack, and their means. The model's outputs are its logits, named `logits`, and its layers,
the embedding last.
"""

import argparse
import json
import os

import activations
import measures
import peers_embedding
import peers_layers
import peers_output

PEERS = {**peers_output.PEERS, **peers_embedding.PEERS, **peers_layers.PEERS}


def measure(model, reference, clean, attacked):
    """By detector and attack: (area, share detected)."""
    layers = model.layers
    fitted = activations.Reference(model.run(reference), layers)
    sets = {name: model.run(rows) for name, rows in {"": clean, **attacked}.items()}
    for own in sets.values():
        own["embedding"] = own[layers[-1]]
    table = {}
    for name, peer in PEERS.items():
        detector = peer(fitted)
        scores = {key: detector.score(own) for key, own in sets.items()}
        table[name] = {
            key: (
                measures.auroc(scores[""], scores[key]),
                measures.detected(scores[""], scores[key]),
            )
            for key in attacked
        }
    return table


def mean(row):
    return tuple(sum(cell[i] for cell in row.values()) / len(row) for i in (0, 1))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--reference", required=True)
    arguments.add_argument("--clean", required=True)
    arguments.add_argument("--attacked", nargs="+", required=True)
    arguments.add_argument("--rows", type=int, help="first rows of the reference that are taken")
    arguments.add_argument("--json")
    given = arguments.parse_args()
    model = activations.Model(given.model)
    attacked = {
        os.path.splitext(os.path.basename(path))[0]: activations.read(path)
        for path in given.attacked
    }
    reference = activations.read(given.reference)[: given.rows]
    table = measure(model, reference, activations.read(given.clean), attacked)
    print("detector".ljust(22), "mean".ljust(9), *(name[:13].ljust(13) for name in attacked))
    for name, row in sorted(table.items(), key=lambda entry: -mean(entry[1])[0]):
        cells = [mean(row), *(row[key] for key in attacked)]
        print(name.ljust(22), *(f"{a:.3f}/{d:.2f}".ljust(13) for a, d in cells))
    if given.json:
        with open(given.json, "w") as file:
            json.dump(table, file, indent=1)


if __name__ == "__main__":
    main()
