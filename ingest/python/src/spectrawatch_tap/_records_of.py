"""From a batch to the records that hold it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from .records import WRITTEN_AS, Array, Batch, Layer, RowRange, SampleRows
from .wire import LayerRecord, Sample

REMEMBERED = 65_536
"""Requests whose next part is known; of more, the longest silent are forgotten."""

# Upper bounds of what a record has beside texts and data, in bytes.
_RECORD_BYTES = 128
_LAYER_BYTES = 128
_SAMPLE_BYTES = 128
_RANGE_BYTES = 16
_OWNER_BYTES = 5


class Content(NamedTuple):
    """The samples and layers of one record."""

    samples: list[Sample]
    layers: list[LayerRecord]


class BatchError(ValueError):
    """A batch that no record can hold; the message says why."""


class Parts:
    """The numbers of the parts of requests that go on over several records."""

    def __init__(self) -> None:
        self._next: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, id: str, first: bool, last: bool) -> int:
        """The number of the next part."""
        if first and last:
            return 0
        with self._lock:
            number = 0 if first else self._next.pop(id, 0)
            if not last:
                self._note(id, number + 1)
            return number

    def lose(self, id: str, first: bool, last: bool) -> None:
        """A part that never will be sent: its number stays free, which tells readers."""
        if not last:
            with self._lock:
                self._note(id, (0 if first else self._next.pop(id, 0)) + 1)

    def _note(self, id: str, number: int) -> None:
        self._next[id] = number
        self._next.move_to_end(id)
        if len(self._next) > REMEMBERED:
            self._next.popitem(last=False)


def records_of(batch: Batch, parts: Parts, max_bytes: int) -> Iterator[Content]:
    """The records of a batch, in order, none larger than allowed.

    A request that fits into no record by itself goes on over several, as further parts of it.
    """
    rows = _Rows(batch)
    if rows.most_bytes() <= max_bytes:
        yield rows.whole(parts)
        return
    room = max_bytes - rows.fixed_bytes
    begin = 0
    size = 0
    for i in range(len(batch.samples)):
        more = rows.bytes_of(i)
        if begin < i and size + more > room:
            yield rows.content(begin, i, parts)
            begin, size = i, 0
        if more > room:
            yield from rows.pieces(i, room, parts)
            begin, size = i + 1, 0
        else:
            size += more
    if begin < len(batch.samples):
        yield rows.content(begin, len(batch.samples), parts)


class _Rows:
    """Whose the rows of a batch are."""

    def __init__(self, batch: Batch) -> None:
        samples, layers = batch.samples, batch.layers
        if not samples or not layers:
            raise BatchError(f"found {len(samples)} samples and {len(layers)} layers")
        self.samples = samples
        self.layers = layers
        self.ranged = samples[0].ranges is not None
        if any((s.ranges is not None) != self.ranged for s in samples):
            raise BatchError("ranges must be given for all samples or for none")
        one = [1] * len(samples)
        told = [sum(r.rows for r in s.ranges or ()) for s in samples] if self.ranged else one
        self.follows = []
        self.counts = []
        for layer in layers:
            counts = told if layer.counts is None else list(layer.counts)
            self.follows.append(counts == told)
            if self.ranged and counts != told and counts != one:
                raise BatchError(
                    f"layer '{layer.name}' has {counts} rows, expected {told} or 1 a sample"
                )
            self.counts.append(counts)
            shape = layer.data.shape
            if len(shape) != 2 or shape[0] != sum(counts):
                raise BatchError(
                    f"layer '{layer.name}' must be [{sum(counts)}, columns], found {list(shape)}"
                )
        self.row_bytes = [
            layer.data.shape[1] * WRITTEN_AS[layer.element_type].itemsize + _OWNER_BYTES
            for layer in layers
        ]
        self.fixed_bytes = 1536 + _RECORD_BYTES
        self.fixed_bytes += sum(
            _LAYER_BYTES + 4 * (len(layer.name) + len(layer.tap or "")) for layer in layers
        )

    @cached_property
    def firsts(self) -> list[list[int]]:
        """By layer the first row of each sample, and the number of rows."""
        return [[0, *accumulate(counts)] for counts in self.counts]

    def most_bytes(self) -> int:
        """An upper bound of what a record of everything takes."""
        told = sum(map(self.told_bytes, range(len(self.samples))))
        rows = zip(self.layers, self.row_bytes, strict=True)
        return self.fixed_bytes + told + sum(len(layer.data) * size for layer, size in rows)

    def bytes_of(self, i: int) -> int:
        rows = zip(self.firsts, self.row_bytes, strict=True)
        data: int = sum((first[i + 1] - first[i]) * size for first, size in rows)
        return self.told_bytes(i) + data

    def told_bytes(self, i: int) -> int:
        """An upper bound of what a sample's own fields take."""
        sample = self.samples[i]
        r = sample.request
        text = len(r.id) + len(r.client or "") + len(r.tenant or "") + len(r.session or "")
        for name, value in r.attributes.items():
            text += len(name) + len(value) + 1
        return _SAMPLE_BYTES + _RANGE_BYTES * len(sample.ranges or ()) + 4 * text

    def whole(self, parts: Parts) -> Content:
        """The record of everything."""
        samples = [
            _sample(s, parts.take(s.request.id, s.first, s.last), s.last, s.ranges)
            for s in self.samples
        ]
        layers = enumerate(self.layers)
        return Content(samples, [self._layer(k, x.data, self.counts[k]) for k, x in layers])

    def content(self, begin: int, end: int, parts: Parts) -> Content:
        """The record of samples that fit together."""
        samples = []
        for s in self.samples[begin:end]:
            number = parts.take(s.request.id, s.first, s.last)
            samples.append(_sample(s, number, s.last, s.ranges))
        layers = []
        for k, layer in enumerate(self.layers):
            first = self.firsts[k]
            rows = layer.data[first[begin] : first[end]]
            layers.append(self._layer(k, rows, self.counts[k][begin:end]))
        return Content(samples, layers)

    def _layer(self, k: int, data: Array, counts: list[int]) -> LayerRecord:
        layer = self.layers[k]
        listed = not self.ranged and counts != [1] * len(counts)
        return LayerRecord(
            layer.name,
            layer.index,
            layer.role,
            layer.element_type,
            data,
            counts if listed else None,
            layer.tap,
            self.ranged and not self.follows[k],
        )

    def pieces(self, i: int, room: int, parts: Parts) -> Iterator[Content]:
        """The records of one sample that fits into none; a layer of one row goes into the last."""
        sample = self.samples[i]
        following = [k for k, follows in enumerate(self.follows) if follows]
        single = [k for k, follows in enumerate(self.follows) if not follows]
        per_row = sum(self.row_bytes[k] for k in following)
        room -= self.told_bytes(i) + sum(self.row_bytes[k] for k in single)
        if not self.ranged or not following or room < per_row:
            raise BatchError(
                f"a row of request '{sample.request.id}' needs {self.bytes_of(i)} bytes, a record"
                f" has room for {max(0, room)}; tap fewer layers or a 16-bit type"
            )
        step = room // per_row
        rows = self.firsts[following[0]][i + 1] - self.firsts[following[0]][i]
        for at in range(0, rows, step):
            count = min(step, rows - at)
            end = at + count == rows
            yield Content(
                [
                    _sample(
                        sample,
                        parts.take(
                            sample.request.id, sample.first and at == 0, sample.last and end
                        ),
                        sample.last and end,
                        _part_of(sample.ranges or (), at, count),
                    )
                ],
                [
                    self._layer(k, self._piece(k, i, at, count), [count])
                    for k in sorted(following + (single if end else []))
                ],
            )

    def _piece(self, k: int, i: int, at: int, count: int) -> Array:
        first = self.firsts[k][i]
        if not self.follows[k]:
            return self.layers[k].data[first : first + 1]
        return self.layers[k].data[first + at : first + at + count]


def _sample(s: SampleRows, part: int, last: bool, ranges: tuple[RowRange, ...] | None) -> Sample:
    r = s.request
    return Sample(
        r.id,
        r.client,
        r.tenant,
        s.weight,
        part,
        last,
        r.session,
        r.trace_id,
        r.span_id,
        r.attributes,
        ranges,
    )


def _part_of(ranges: Sequence[RowRange], at: int, count: int) -> tuple[RowRange, ...]:
    """The ranges of some of the rows that ranges say."""
    out = []
    for r in ranges:
        begin = max(at, 0)
        end = min(at + count, r.rows)
        if begin < end:
            out.append(RowRange(r.position + begin, end - begin, r.phase))
        at -= r.rows
    return tuple(out)


def selected(layer: Layer, samples: Sequence[SampleRows], kept: Sequence[bool]) -> Layer:
    """A layer with the rows of the samples that are kept."""
    counts = layer.counts
    if counts is None:
        ranged = samples[0].ranges is not None
        counts = [sum(r.rows for r in s.ranges or ()) if ranged else 1 for s in samples]
    rows = np.repeat(np.asarray(kept), counts)
    left = [count for count, keep in zip(counts, kept, strict=True) if keep]
    return Layer(
        layer.name,
        layer.data[rows],
        layer.index,
        layer.role,
        layer.tap,
        None if layer.counts is None else left,
    )
