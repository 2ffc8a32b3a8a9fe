"""Text as hashed n-grams: counts of word 1-2-grams and of character 3-5-grams, a bucket each."""

import re
import zlib

import numpy as np

WORDS = 1024
CHARACTERS = 1024
WIDTH = WORDS + CHARACTERS


def bucket(text, kind, count):
    return zlib.crc32((kind + text).encode()) % count


def row(text):
    """Counts of one text, up to 255, uint8 (WIDTH,)."""
    counts = np.zeros(WIDTH, np.int64)
    words = re.findall(r"[a-z0-9']+", text.lower())
    for n in (1, 2):
        for i in range(len(words) - n + 1):
            counts[bucket(" ".join(words[i : i + n]), "w", WORDS)] += 1
    line = " " + " ".join(words) + " "
    for n in (3, 4, 5):
        for i in range(len(line) - n + 1):
            counts[WORDS + bucket(line[i : i + n], "c", CHARACTERS)] += 1
    return np.minimum(counts, 255).astype(np.uint8)


def rows(texts):
    return np.stack([row(text) for text in texts])
