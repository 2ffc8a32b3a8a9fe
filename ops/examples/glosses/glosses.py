#!/usr/bin/env python3
"""Trains a classifier of dictionary definitions on hashed n-grams, exports it, and makes the rows and
the attacks beside it.

    apt-get install wordnet-base python3-torch python3-onnx python3-numpy
    python3 glosses.py --out .

Ten minutes on one core. With `--all` it writes what the measurements take, else what is shipped.
"""

import argparse
import os
import re

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import ngrams
import others
import wordnet

TRAINING = 18000
REFERENCE = 15000
STARTS = 400
SHIPPED_REFERENCE = 3000
SHIPPED_CLEAN = 1500
SHIPPED_ATTACKS = ["synonyms", "typos", "deletion"]


class Model(nn.Module):
    """Counts in, logits and two inner tensors out."""

    def __init__(self, classes):
        super().__init__()
        self.hidden0 = nn.Linear(ngrams.WIDTH, 96)
        self.hidden1 = nn.Linear(96, 48)
        self.head = nn.Linear(48, classes)

    def forward(self, counts):
        damped = torch.log1p(counts)
        scaled = damped / torch.sqrt((damped**2).sum(1, keepdim=True) + 1e-6)
        hidden0 = F.relu(self.hidden0(8 * F.dropout(scaled, 0.2, self.training)))
        embedding = F.relu(self.hidden1(F.dropout(hidden0, 0.3, self.training)))
        return self.head(embedding), hidden0, embedding


def train(x, y, epochs):
    model = Model(len(wordnet.CLASSES))
    steps = epochs * (len(x) // 128)
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(len(x) // 128):
            rows = order[i * 128 : i * 128 + 128]
            loss = F.cross_entropy(model(x[rows].float())[0], y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    model.eval()
    return model


def logits_of(model, counts):
    with torch.no_grad():
        return model(torch.tensor(counts).float())[0].numpy()


def words_of(text):
    return re.findall(r"[A-Za-z0-9']+|[^A-Za-z0-9']+", text)


def swaps(word):
    """The word with two neighbouring letters swapped, one doubled, one left out."""
    made = []
    for i in range(1, len(word) - 2):
        made += [word[:i] + word[i + 1] + word[i] + word[i + 2 :], word[:i] + word[i + 1 :]]
    return made[:8] + [word[:2] + word[1:]] if len(word) > 3 else []


class Search:
    """Greedy search for words whose change lowers the margin most, with at most a third changed."""

    def __init__(self, model, synonyms, vocabulary, random):
        self.model = model
        self.synonyms = synonyms
        self.vocabulary = vocabulary
        self.random = random

    def margins(self, texts, label):
        logits = logits_of(self.model, ngrams.rows(texts))
        right = logits[:, label].copy()
        logits[:, label] = -1e9
        return right - logits.max(1)

    def changes(self, kind, word):
        if kind == "synonyms":  # after Ren et al., ACL 2019
            return self.synonyms.get(word.lower(), [])[:12]
        if kind == "typos":  # after Gao et al., DeepWordBug, 2018
            return swaps(word)
        if kind == "deletion":
            return [""]
        if kind == "insertion":
            return [word + " " + w for w in self.random.choice(self.vocabulary, 8)]
        return list(self.random.choice(self.vocabulary, 16))  # any word: after HotFlip, ACL 2018

    def run(self, kind, text, label):
        parts = words_of(text)
        places = [i for i, p in enumerate(parts) if re.match(r"[A-Za-z]", p)]
        for _ in range(max(1, len(places) // 3)):
            trials, where = [], []
            for i in places:
                for change in self.changes(kind, parts[i]):
                    trials.append("".join(parts[:i] + [change] + parts[i + 1 :]))
                    where.append((i, change))
            if not trials:
                return None
            margins = self.margins(trials, label)
            best = int(margins.argmin())
            parts[where[best][0]] = where[best][1]
            if margins[best] < 0:
                return "".join(parts)
            places = [i for i in places if i != where[best][0]]
        return None


KINDS = ["synonyms", "typos", "deletion", "insertion", "substitution"]


def shuffled(text, random):
    words = text.split()
    random.shuffle(words)
    return " ".join(words)


def mistyped(text, random):
    """One random typo in a text."""
    parts = words_of(text)
    long = [i for i, p in enumerate(parts) if len(swaps(p)) > 0]
    if long:
        i = random.choice(long)
        parts[i] = random.choice(swaps(parts[i]))
    return "".join(parts)


def save(out, name, counts):
    path = os.path.join(out, name + ".npz")
    np.savez_compressed(path, counts=counts)
    print(f"{name}: {len(counts)} rows, {os.path.getsize(path)} bytes", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", default="/usr/share/wordnet")
    arguments.add_argument("--out", default=".")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--all", action="store_true")
    given = arguments.parse_args()
    os.makedirs(given.out, exist_ok=True)
    texts, labels, foreign, synonyms = wordnet.read(given.data)
    counts = ngrams.rows(texts)
    torch.manual_seed(given.seed)
    model = train(torch.tensor(counts[:TRAINING]), torch.tensor(labels[:TRAINING]), 8)
    right = logits_of(model, counts).argmax(1) == labels
    print(f"{len(texts)} definitions, accuracy {right[TRAINING:].mean():.4f} on the others")
    names = ["logits", "hidden0", "embedding"]
    torch.onnx.export(
        model,
        torch.zeros(2, ngrams.WIDTH),
        os.path.join(given.out, "glosses.onnx"),
        input_names=[ngrams.FORMAT],
        output_names=names,
        dynamic_axes={n: {0: "n"} for n in [ngrams.FORMAT, *names]},
        opset_version=13,
    )
    first = TRAINING + REFERENCE
    save(given.out, "reference", counts[TRAINING : first if given.all else TRAINING + SHIPPED_REFERENCE])
    save(given.out, "clean", counts[first : None if given.all else first + SHIPPED_CLEAN])
    starts = [i for i in range(first, len(texts)) if right[i]][:STARTS]
    vocabulary = sorted({w for text in texts[:2000] for w in re.findall(r"[a-z]+", text)})
    for kind in KINDS if given.all else SHIPPED_ATTACKS:
        search = Search(model, synonyms, vocabulary, np.random.RandomState(given.seed))
        found = [search.run(kind, texts[i], labels[i]) for i in starts]
        found = [text for text in found if text is not None]
        print(f"{kind} fools the model on {len(found) / len(starts):.3f}", flush=True)
        save(given.out, kind, ngrams.rows(found))
    if given.all:
        random = np.random.RandomState(given.seed)
        some = texts[first : first + 2000]
        save(given.out, "benign-shuffled", ngrams.rows([shuffled(t, random) for t in some]))
        save(given.out, "benign-typo", ngrams.rows([mistyped(t, random) for t in some]))
        save(given.out, "foreign-verbs", ngrams.rows(foreign[:2000]))
        save(given.out, "foreign-strings", ngrams.rows(others.strings(2000)))
        save(given.out, "foreign-programs", ngrams.rows(others.programs(2000)))
        for code in others.LANGUAGES:
            texts = others.language(code)
            if texts:
                save(given.out, "foreign-" + code, ngrams.rows(texts))


if __name__ == "__main__":
    main()
