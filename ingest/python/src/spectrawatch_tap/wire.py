"""ActivationSnapshot version 2 in Avro single-object encoding, written by hand for speed.

::

    offset  0     1     2 ............ 9   10 ...
           +-----+-----+----------------+-----------------+
           | C3  | 01  | fingerprint LE | Avro binary body|
           +-----+-----+----------------+-----------------+

The data of a layer is copied once, into the record; nothing is done per element.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from .records import WRITTEN_AS, Array, ElementType, Phase, Role, RowRange

FINGERPRINT = 0xDD9A75BBA4A5B40D
"""CRC-64-AVRO of the schema in parsing canonical form; a test computes it from the .avsc."""

HEADER = b"\xc3\x01" + struct.pack("<Q", FINGERPRINT)

MAX_RECORD_BYTES = 8 * 1024 * 1024
"""Largest record that ingest takes."""

_double = struct.Struct("<d").pack
_NULL = b"\x00"
_PRESENT = b"\x02"
_END = b"\x00"


class WireError(ValueError):
    """Bytes that are not one ActivationSnapshot of version 2."""


# No frozen data classes, these two: they take three times as long to make, one or more a record.
class Sample(NamedTuple):
    """A request, or a part of one, as it stands in a record."""

    id: str
    client: str | None = None
    tenant: str | None = None
    sampling_weight: float = 1.0
    part: int = 0
    last: bool = True
    session: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    attributes: Mapping[str, str] = MappingProxyType({})
    rows: tuple[RowRange, ...] | None = None


@dataclass(eq=False, slots=True)
class LayerRecord:
    """A layer as it stands in a record; ``data`` is [rows, columns] of the type's array type."""

    name: str
    index: int
    role: Role
    element_type: ElementType
    data: Array
    row_counts: Sequence[int] | None = None
    tap: str | None = None
    per_sample: bool = False


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A whole record."""

    model_id: str
    model_version: str
    model_digest: str
    capture_id: str
    sequence: int
    captured_at: int
    samples: Sequence[Sample]
    layers: Sequence[LayerRecord]


def encode(snapshot: Snapshot) -> bytes:
    """The bytes of a record; ``row_counts`` become rowSample."""
    return identity(snapshot).encode(
        snapshot.sequence, snapshot.captured_at, snapshot.samples, snapshot.layers
    )


def identity(of: Any) -> Identity:
    """What all records of a capture begin with."""
    return Identity(of.model_id, of.model_version, of.model_digest, of.capture_id)


class Identity:
    """The fields that all records of one capture share, encoded once."""

    def __init__(self, model_id: str, version: str, digest: str, capture_id: str) -> None:
        self.prefix = HEADER + b"".join(map(_text, (model_id, version, digest, capture_id)))

    def encode(
        self,
        sequence: int,
        captured_at: int,
        samples: Sequence[Sample],
        layers: Sequence[LayerRecord],
    ) -> bytes:
        """The bytes of a record."""
        out: list[Any] = [self.prefix, long(sequence), long(captured_at)]
        _samples(out, samples)
        _layers(out, layers)
        # join copies every buffer once into the record, without the interpreter's lock if large.
        return b"".join(out)


def long(value: int) -> bytes:
    """Avro's int and long: zig-zag, then seven bits a byte, lowest first."""
    if 0 <= value < _TABLE:
        return _SMALL[value]
    return _long(value)


def _long(value: int) -> bytes:
    value = value << 1 if value >= 0 else (-value << 1) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


_TABLE = 4096
_SMALL = [_long(value) for value in range(_TABLE)]
"""Lengths, sizes and numbers of parts are hardly ever larger."""


def _text(text: str) -> bytes:
    encoded = text.encode()
    return long(len(encoded)) + encoded


_name = lru_cache(maxsize=1024)(_text)
"""Texts that come back in every record."""


def _optional(text: str | None) -> bytes:
    return _NULL if text is None else _PRESENT + _text(text)


def _samples(out: list[Any], samples: Sequence[Sample]) -> None:
    if samples:
        out.append(long(len(samples)))
    for s in samples:
        out += (
            _text(s.id),
            _optional(s.client),
            _optional(s.tenant),
            _double(s.sampling_weight),
            long(s.part),
            b"\x01" if s.last else b"\x00",
            _optional(s.session),
            _optional(s.trace_id),
            _optional(s.span_id),
            _attributes(s.attributes),
            _ranges(s.rows),
        )
    out.append(_END)


def _attributes(attributes: Mapping[str, str]) -> bytes:
    if not attributes:
        return _END
    entries = (_text(name) + _text(attributes[name]) for name in sorted(attributes))
    return long(len(attributes)) + b"".join(entries) + _END


def _ranges(rows: tuple[RowRange, ...] | None) -> bytes:
    if rows is None:
        return _NULL
    if not rows:
        return _PRESENT + _END
    out = [_PRESENT, long(len(rows))]
    for r in rows:
        phase = _NULL if r.phase is None else _PRESENT + long(r.phase)
        out += (long(r.position), long(r.rows), phase)
    out.append(_END)
    return b"".join(out)


def _layers(out: list[Any], layers: Sequence[LayerRecord]) -> None:
    if layers:
        out.append(long(len(layers)))
    for layer in layers:
        data = np.ascontiguousarray(layer.data, WRITTEN_AS[layer.element_type])
        rows, columns = data.shape
        out += (
            _name(layer.name),
            long(layer.index),
            long(layer.role),
            long(rows),
            long(columns),
            long(layer.element_type),
            _row_sample(layer.row_counts),
            long(data.nbytes),
            data,
            _NULL if layer.tap is None else _PRESENT + _name(layer.tap),
            b"\x01" if layer.per_sample else b"\x00",
        )
    out.append(_END)


def _row_sample(counts: Sequence[int] | None) -> bytes:
    """Per row the index of its sample: the same bytes, repeated for as many rows as it has."""
    if counts is None:
        return _NULL
    total = sum(counts)
    if total == 0:
        return _PRESENT + _END
    indices = b"".join(long(i) * count for i, count in enumerate(counts))
    return _PRESENT + long(total) + indices + _END


def decode(record: bytes) -> Snapshot:
    """Reads a record of version 2.

    Raises WireError if the bytes are not exactly one such record.
    """
    if record[:10] != HEADER:
        raise WireError(f"expected a record that begins {HEADER.hex()}, found {record[:10].hex()}")
    reader = _Reader(record, 10)
    try:
        snapshot = reader.snapshot()
    except (IndexError, ValueError, struct.error) as e:
        raise WireError(f"not an ActivationSnapshot of version 2: {e}") from e
    if reader.at != len(record):
        raise WireError(f"{len(record) - reader.at} bytes follow the record")
    return snapshot


class _Reader:
    """Reads Avro binary from a place on."""

    def __init__(self, record: bytes, at: int) -> None:
        self.record = record
        self.at = at

    def long(self) -> int:
        value = shift = 0
        while True:
            byte = self.record[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)
            shift += 7

    def raw(self, count: int) -> bytes:
        if not 0 <= count <= len(self.record) - self.at:
            raise ValueError(f"{count} bytes do not stand at {self.at}")
        self.at += count
        return self.record[self.at - count : self.at]

    def text(self) -> str:
        return self.raw(self.long()).decode()

    def optional(self) -> str | None:
        return self.text() if self.present() else None

    def present(self) -> bool:
        return self.long() == 1

    def items(self) -> Any:
        """As many steps as an array or a map has entries."""
        while count := self.long():
            if count < 0:
                self.long()
            yield from range(abs(count))

    def snapshot(self) -> Snapshot:
        model, version, digest, capture_id = (self.text() for _ in range(4))
        sequence, captured_at = self.long(), self.long()
        samples = [self.sample() for _ in self.items()]
        layers = [self.layer(len(samples)) for _ in self.items()]
        return Snapshot(model, version, digest, capture_id, sequence, captured_at, samples, layers)

    def sample(self) -> Sample:
        return Sample(
            id=self.text(),
            client=self.optional(),
            tenant=self.optional(),
            sampling_weight=struct.unpack("<d", self.raw(8))[0],
            part=self.long(),
            last=self.raw(1) == b"\x01",
            session=self.optional(),
            trace_id=self.optional(),
            span_id=self.optional(),
            attributes={self.text(): self.text() for _ in self.items()},
            rows=tuple(self.range() for _ in self.items()) if self.present() else None,
        )

    def range(self) -> RowRange:
        position, rows = self.long(), self.long()
        return RowRange(position, rows, Phase(self.long()) if self.present() else None)

    def layer(self, samples: int) -> LayerRecord:
        name, index, role = self.text(), self.long(), Role(self.long())
        rows, columns = self.long(), self.long()
        element_type = ElementType(self.long())
        counts = None
        if self.present():
            owners = [self.long() for _ in self.items()]
            if owners != sorted(owners):
                raise ValueError(f"layer '{name}': rowSample is not in the order of the samples")
            counts = [owners.count(i) for i in range(samples)]
        data = np.frombuffer(self.raw(self.long()), WRITTEN_AS[element_type])
        return LayerRecord(
            name,
            index,
            role,
            element_type,
            data.reshape(rows, columns),
            counts,
            tap=self.optional(),
            per_sample=self.raw(1) == b"\x01",
        )
