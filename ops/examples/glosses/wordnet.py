"""Definitions of WordNet 3.0 and the lexicographer files they stand in; synonyms of words."""

import collections
import os
import re

import numpy as np

# Lexicographer files that are classes, by their numbers in lexnames(5WN).
CLASSES = {
    5: "animal",
    6: "artifact",
    10: "communication",
    13: "food",
    15: "location",
    18: "person",
    20: "plant",
}

# Lexicographer files of other texts: verbs of motion, of change and of social doings.
FOREIGN = {38, 30, 41}


def synsets(folder):
    """(lexicographer file, words, definition) of every noun and verb, in the order of the files."""
    for part in ("noun", "verb"):
        with open(os.path.join(folder, "data." + part), encoding="latin-1") as file:
            for line in file:
                if line.startswith(" "):
                    continue
                head, gloss = line.split("|", 1)
                fields = head.split()
                count = int(fields[3], 16)
                words = [fields[4 + 2 * i].lower() for i in range(count)]
                definition = re.split(r';\s*"', gloss.strip())[0]
                yield int(fields[1]), words, definition


def read(folder):
    """Definitions and classes in a fixed random order, foreign definitions, synonyms by word."""
    texts, labels, foreign = [], [], []
    synonyms = collections.defaultdict(set)
    numbers = sorted(CLASSES)
    for number, words, definition in synsets(folder):
        plain = [w for w in words if re.fullmatch(r"[a-z]+", w)]
        for word in plain:
            synonyms[word].update(w for w in plain if w != word)
        if number in CLASSES:
            texts.append(definition)
            labels.append(numbers.index(number))
        elif number in FOREIGN:
            foreign.append(definition)
    order = np.random.RandomState(1).permutation(len(texts))
    return (
        [texts[i] for i in order],
        np.array(labels)[order],
        foreign,
        {word: sorted(others) for word, others in sorted(synonyms.items()) if others},
    )
