"""The text of a request as counts of hashed n-grams. They hide it from a glance; who guesses a
text can check the guess.

The format ``text-ngrams-1``, exactly (ops/docs/snapshots.md); Java's ``TextNgrams`` is the same:

1. Characters are Unicode scalar values; a surrogate counts as ``?``. A-Z, U+00C0 to U+00DE but
   U+00D7, U+0391 to U+03A9 and U+0410 to U+042F become the character 32 places on, U+0400 to
   U+040F that 80 places on. Nothing else is normalised.
2. Word characters are a-z, 0-9, the apostrophe, and from U+00C0 on all but U+2000 to U+206F,
   U+3000 to U+303F and U+FF00 to U+FF0F. Words are runs of them, as long as possible.
3. Word n-grams are one word, and two that follow one another with a space between. Character
   n-grams are 3, 4 and 5 characters that follow one another in the words, joined by a space, with
   a space before the first and one behind the last.
4. An n-gram is counted at CRC-32 (of zlib) of its UTF-8, with a ``w`` before a word n-gram and a
   ``c`` before one of characters, modulo 1024; those of characters 1024 places on.
5. A count ends at 2048, up to which float16 holds whole numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np

from .records import Array, Batch, Layer, Role

FORMAT = "text-ngrams-1"
"""Name and tap of the layer."""

WORDS = 1024
CHARACTERS = 1024
COLUMNS = WORDS + CHARACTERS

MOST = 2048

TEXT_BYTES = 2 * COLUMNS
"""What a row takes."""

_REMEMBERED = 256

_WORD = re.compile("[a-z0-9'\u00c0-\u1fff\u2070-\u2fff\u3040-\ufeff\uff10-\U0010ffff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UPPER = [
    *range(0x41, 0x5B),
    *(c for c in range(0xC0, 0xDF) if c != 0xD7),
    *range(0x391, 0x3AA),
    *range(0x410, 0x430),
]
_LOWER = {c: c + 32 for c in _UPPER} | {c: c + 80 for c in range(0x400, 0x410)}


def with_text(batch: Batch) -> Batch:
    """The batch with the texts of its requests before the other layers, a row each; of zeros where
    a request has none."""
    rows = [_remembered(s.request.text or "") for s in batch.samples]
    ranged = batch.samples[0].ranges is not None
    counts = [1] * len(rows) if ranged else None
    text = Layer(FORMAT, np.stack(rows), 0, Role.INPUT, FORMAT, counts)
    others = [replace(layer, index=layer.index + 1) for layer in batch.layers]
    return Batch(batch.samples, [text, *others], batch.captured_at)


@lru_cache(_REMEMBERED)
def _remembered(text: str) -> Array:
    """A request that goes on has its text in every part."""
    return ngrams(text)


def ngrams(text: str) -> Array:
    """Counts of one text, float16 [2048]: word n-grams, then character n-grams."""
    if not text.isascii():
        text = _SURROGATE.sub("?", text)
    words = _WORD.findall(text.lower() if text.isascii() else text.translate(_LOWER))
    counts = np.zeros(COLUMNS, np.int64)
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    _count(Counter(words) + Counter(pairs), b"w", 0, WORDS, counts)
    line = " " + " ".join(words) + " "
    grams = Counter(line[i : i + n] for n in (3, 4, 5) for i in range(len(line) - n + 1))
    _count(grams, b"c", WORDS, CHARACTERS, counts)
    return np.minimum(counts, MOST).astype(np.float16)


def _count(grams: Counter[str], kind: bytes, at: int, buckets: int, counts: Array) -> None:
    start = crc32(kind)
    for gram, count in grams.items():
        counts[at + crc32(gram.encode(), start) % buckets] += count
