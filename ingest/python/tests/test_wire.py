"""The bytes of records, against the schema and against what Java writes."""

import json
from pathlib import Path

import numpy as np
import pytest
from avro import AVRO, canonical, fingerprint
from golden import GOLDEN, made

from spectrawatch_tap import wire
from spectrawatch_tap.records import ElementType, Phase, Role, RowRange

JAVA = Path(__file__).resolve().parents[3] / "schemas" / "src" / "test" / "resources" / "golden"


def test_the_fingerprint_is_that_of_the_schema():
    schema = json.loads((AVRO / "ActivationSnapshot.avsc").read_text())

    assert fingerprint(canonical(schema)) == wire.FINGERPRINT


@pytest.mark.parametrize("name", ["ActivationSnapshot-2.bin", "ActivationSnapshot-2-ranged.bin"])
def test_what_java_wrote_is_read_and_written_the_same(name):
    record = (JAVA / name).read_bytes()

    assert wire.encode(wire.decode(record)) == record


def test_what_java_wrote_has_the_same_meaning():
    snapshot = wire.decode((JAVA / "ActivationSnapshot-2-ranged.bin").read_bytes())

    whole, part = snapshot.samples
    assert (snapshot.model_id, snapshot.capture_id, snapshot.sequence) == ("m", "host-1-0", 7)
    assert snapshot.captured_at == 1_700_000_000_000_000
    assert whole.rows == (RowRange(0, 1, Phase.PROMPT), RowRange(7, 1, Phase.GENERATED))
    assert part.rows == (RowRange(5_000_000_000, 1),)
    assert (part.part, part.last, part.sampling_weight) == (2, False, 2.5)
    assert part.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert part.attributes == {"route": "/chat"}
    tokens, pooled = snapshot.layers
    assert (tokens.name, tokens.role, tokens.tap) == ("h.0", Role.HIDDEN, "residual-pre-norm")
    assert tokens.element_type == ElementType.FLOAT16
    assert tokens.data.shape == (3, 2)
    assert (pooled.name, pooled.per_sample) == ("out", True)


@pytest.mark.parametrize("name", sorted(made()))
def test_what_java_reads_is_still_made(name):
    assert made()[name] == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("number", [0, -1, 1, 63, 64, -64, -65, 2**31, 2**62, -(2**63)])
def test_numbers(number):
    assert wire._Reader(wire.long(number), 0).long() == number


def test_bytes_that_are_no_record():
    record = (JAVA / "ActivationSnapshot-2.bin").read_bytes()
    for end in range(len(record)):
        with pytest.raises(wire.WireError):
            wire.decode(record[:end])
    with pytest.raises(wire.WireError, match="1 bytes follow"):
        wire.decode(record + b"\x00")


def test_data_of_other_order_is_written_row_by_row():
    data = np.arange(6, dtype=np.float32).reshape(3, 2)
    for given in (data, np.asfortranarray(data), data.astype(">f4")):
        layer = wire.LayerRecord("l", 0, Role.HIDDEN, ElementType.FLOAT32, given)
        record = wire.encode(wire.Snapshot("m", "1", "d", "c", 0, 0, [], [layer]))
        assert wire.decode(record).layers[0].data.tolist() == data.tolist()
