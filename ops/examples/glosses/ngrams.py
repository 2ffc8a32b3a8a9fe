"""Text as hashed n-grams: counts of word 1-2-grams and of character 3-5-grams, a bucket each.

The rows are those of `text-ngrams-1`, the format in which taps publish texts.
"""

import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "ingest", "python", "src"))

from spectrawatch_tap.text import COLUMNS as WIDTH  # noqa: E402
from spectrawatch_tap.text import FORMAT, ngrams  # noqa: E402

__all__ = ["FORMAT", "WIDTH", "row", "rows"]


def row(text):
    """Counts of one text, up to 255, uint8 (WIDTH,)."""
    return np.minimum(ngrams(text), 255).astype(np.uint8)


def rows(texts):
    return np.stack([row(text) for text in texts])
