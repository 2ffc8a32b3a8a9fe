"""Records that Java reads in SnapshotOfPythonTest, and rows of texts that it makes alike in
TextOfPythonTest; running this file writes them."""

import base64
from pathlib import Path

import numpy as np

from spectrawatch_tap import text, wire
from spectrawatch_tap.records import ElementType, Phase, Role, RowRange

GOLDEN = Path(__file__).resolve().parents[2] / "src" / "test" / "resources" / "python"


def made():
    """The records by the names of their files."""
    values = np.arange(24, dtype=np.float32).reshape(6, 4) / 8 - 1
    listed = [
        _layer("embeddings", 0, Role.EMBEDDING, ElementType.FLOAT32, values, row_counts=[4, 0, 2]),
        _layer("block.1", 1, Role.HIDDEN, ElementType.FLOAT16, values[:3].astype(np.float16)),
    ]
    told = [
        wire.Sample("r-0", client="alice", attributes={"b": "2", "a": "1"}),
        wire.Sample("r-1", tenant="acme", sampling_weight=10.0),
        wire.Sample("r-ü", session="s", trace_id="a" * 32, span_id="b" * 16),
    ]
    ranged = [
        _layer("block.2", 2, Role.HIDDEN, ElementType.BFLOAT16, _bfloat16(values), tap="out"),
        _layer("logits", 3, Role.LOGITS, ElementType.FLOAT32, values[:2], per_sample=True),
    ]
    placed = [
        wire.Sample(
            "r-0",
            part=3,
            last=False,
            rows=(RowRange(300, 3, Phase.PROMPT), RowRange(303, 2, Phase.GENERATED)),
        ),
        wire.Sample("r-1", rows=(RowRange(0, 1),)),
    ]
    closing = [wire.Sample("r-0", part=4, rows=())]
    empty = [_layer("block.2", 2, Role.HIDDEN, ElementType.BFLOAT16, _bfloat16(values[:0]))]
    return {
        "listed.bin": _record(0, told, listed),
        "ranged.bin": _record(1, placed, ranged),
        "closing.bin": _record(2, closing, empty),
    }


def _layer(name, index, role, element_type, data, **more):
    return wire.LayerRecord(name, index, role, element_type, data, **more)


def _bfloat16(values):
    return (values.view(np.int32) >> 16).astype(np.int16)


def _record(sequence, samples, layers):
    snapshot = wire.Snapshot(
        "model", "1", "0f" * 32, "host-1-0", sequence, 1_700_000_000_000_000, samples, layers
    )
    return wire.encode(snapshot)


TEXTS = [
    "",
    "  ?!  ",
    "a",
    "Don't PANIC, 42 times; don't.",
    "a small freshwater fish of the family Cyprinidae",
    "Änderungen ÀÖ×ØÞß an Straße",
    "\u201cquoted\u201d\u2014dash\u00a0nbsp\u00b5",
    "Ελληνικά ΑΩ ΆΈ",
    "ЁЖИК Ђурђевак вода",
    "日本語、テスト。 (全角) ！Ａ",
    "emoji \U0001f600\U0001f600 e\u0301 \u0130 \u212a",
    "tab\tnew\nline\x00zero\u2028sep",
    "la " * 3000,
]


def rows():
    """A line for each text: its UTF-8 in base64, and column:count of those that are not 0."""
    return "".join(map(_line, TEXTS))


def _line(one):
    counts = text.ngrams(one)
    pairs = " ".join(f"{i}:{int(counts[i])}" for i in np.flatnonzero(counts))
    return f"{base64.b64encode(one.encode()).decode()}\t{pairs}\n"


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, record in made().items():
        (GOLDEN / name).write_bytes(record)
    (GOLDEN / "text-ngrams-1.txt").write_text(rows(), "ascii")
