"""Records that Java reads in SnapshotOfPythonTest, and rows of texts that it makes alike in
TextOfPythonTest; running this file writes them."""

import base64
from pathlib import Path

import numpy as np

from spectrawatch_tap import basis, text, wire
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
    "Änderungen ÀÖ\u00d7ØÞß an Straße",
    "\u201cquoted\u201d\u2014dash\u00a0nbsp\u00b5",
    "Ελληνικά ΑΩ ΆΈ",
    "ЁЖИК Ђурђевак вода",
    "日本語、テスト。 (全角) \uff01\uff21",
    "emoji \U0001f600\U0001f600 e\u0301 \u0130 \u212a",
    "tab\tnew\nline\x00zero\u2028sep",
    "la " * 3000,
]


def basis_bytes():
    """A basis of 3 directions of 6 columns."""
    draw = np.random.RandomState(1)
    directions = np.linalg.qr(draw.randn(6, 3))[0].T
    values = np.vstack([draw.randn(6), directions]).astype("<f4")
    return b"SWIB" + np.array([1, 6, 3], "<i4").tobytes() + values.tobytes()


def coordinates():
    """Rows of inputs, and what is published of them."""
    rows = (np.random.RandomState(2).randn(4, 6) * [[1], [10], [1000], [0]]).astype(np.float32)
    published = basis.InputBasis(basis_bytes()).coordinates(rows)
    lines = [" ".join(map(repr, map(float, row))) for row in np.hstack([rows, published])]
    return "".join(line + "\n" for line in lines)


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
    (GOLDEN / "basis-1.bin").write_bytes(basis_bytes())
    (GOLDEN / "basis-1.txt").write_text(coordinates(), "ascii")
    (GOLDEN / "text-ngrams-1.txt").write_text(rows(), "ascii")
