"""From forward passes to a batch of rows; on the publisher's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .copies import TensorCopy
from .layers import Candidate
from .publisher import now
from .records import Array, Batch, Layer, Phase, Request, RowRange, SampleRows

if TYPE_CHECKING:
    import torch


def rows_of(tensor: torch.Tensor, maps: str) -> torch.Tensor:
    """[items, columns], or [items, tokens, columns], of what a layer returned."""
    if tensor.ndim == 1:
        return tensor.unsqueeze(1)
    if tensor.ndim <= 3:
        return tensor
    if maps == "flatten":
        return tensor.flatten(1)
    if maps == "places":
        return tensor.flatten(2).transpose(1, 2)
    return tensor.flatten(2).mean(2)


@dataclass
class Step:
    """One forward pass: what the layers returned, and what is known of its tokens."""

    copies: dict[str, TensorCopy] = field(default_factory=dict)
    mask: TensorCopy | None = None
    ids: TensorCopy | None = None
    phase: Phase | None = None
    offset: int = 0
    captured_at: int = field(default_factory=now)

    @property
    def tokens(self) -> int:
        """Tokens of the pass, hidden ones included; 0 where rows are no tokens."""
        return max((c.shape[1] for c in self.copies.values() if len(c.shape) == 3), default=0)

    @property
    def nbytes(self) -> int:
        return sum(c.nbytes for c in self.copies.values())


class Steps:
    """Forward passes of the same requests, to be sent together."""

    def __init__(
        self,
        layers: Sequence[Candidate],
        taps: Mapping[str, str],
        requests: Sequence[Request],
        steps: Sequence[Step],
        *,
        first: bool,
        last: bool,
        only_last: bool,
        ends: frozenset[int],
        ended: list[bool],
    ) -> None:
        self._layers = layers
        self._taps = taps
        self._requests = requests
        self._steps = steps
        self._first = first
        self._last = last
        self._only_last = only_last
        self._ends = ends
        self._ended = ended
        self.nbytes = sum(step.nbytes for step in steps)

    def samples(self) -> Sequence[SampleRows]:
        return [self._sample(r, None) for r in self._requests]

    def batch(self) -> Batch:
        tokens = any(step.tokens for step in self._steps)
        at = self._steps[0].captured_at
        return Batch(*(self._of_tokens() if tokens else self._of_items()), at)

    def _sample(self, request: Request, ranges: tuple[RowRange, ...] | None) -> SampleRows:
        return SampleRows(request, ranges, self._first, self._last)

    def _of_items(self) -> tuple[list[SampleRows], list[Layer]]:
        (step,) = self._steps
        layers = [
            self._layer(c, step.copies[c.name].array())
            for c in self._layers
            if c.name in step.copies
        ]
        return [self._sample(r, None) for r in self._requests], layers

    def _of_tokens(self) -> tuple[list[SampleRows], list[Layer]]:
        kept = [self._visible(step) for step in self._steps]
        samples = []
        for i, request in enumerate(self._requests):
            ranges = [
                self._range(step, mask, i)
                for step, mask in zip(self._steps, kept, strict=True)
                if mask[i].any()
            ]
            samples.append(self._sample(request, _joined(ranges)))
        layers = []
        for c in self._layers:
            if all(c.name in step.copies for step in self._steps):
                layer = self._rows(c, kept)
                if layer is not None:
                    layers.append(layer)
        return samples, layers

    def _visible(self, step: Step) -> Array:
        """[requests, tokens]: which tokens have a row."""
        shape = (len(self._requests), step.tokens)
        seen = np.ones(shape, bool)
        if step.mask is not None and step.mask.shape[1] >= step.tokens:
            seen = step.mask.array()[:, -step.tokens :] != 0
        if step.phase == Phase.GENERATED:
            seen &= ~np.array(self._ended)[:, None]
            if step.ids is not None:
                # What follows an end is padding; the end itself was generated.
                ends = np.isin(step.ids.array()[:, -1], list(self._ends))
                for i in np.flatnonzero(ends):
                    self._ended[i] = True
        if self._only_last:
            last = shape[1] - 1 - seen[:, ::-1].argmax(1)
            seen = seen & (np.arange(shape[1]) == last[:, None])
        return seen

    def _range(self, step: Step, seen: Array, i: int) -> RowRange:
        rows = int(seen[i].sum())
        before = step.offset
        if step.mask is not None and step.mask.shape[1] >= step.tokens:
            visible = step.mask.array()[i] != 0
            place = step.mask.shape[1] - step.tokens + int(seen[i].argmax())
            before = int(visible[:place].sum())
        elif self._only_last:
            before += int(seen[i].argmax())
        return RowRange(before, rows, step.phase)

    def _rows(self, c: Candidate, kept: Sequence[Array]) -> Layer | None:
        arrays = [step.copies[c.name].array() for step in self._steps]
        per_token = all(
            a.ndim == 3 and a.shape[1] == step.tokens
            for a, step in zip(arrays, self._steps, strict=True)
        )
        if per_token:
            return self._layer(c, _selected(arrays, kept))
        if len(arrays) == 1 and (arrays[0].ndim == 2 or arrays[0].shape[1] == 1):
            rows = arrays[0].reshape(len(arrays[0]), -1)
            return self._layer(c, rows, [1] * len(rows))
        return None

    def _layer(self, c: Candidate, data: Array, counts: list[int] | None = None) -> Layer:
        return Layer(c.name, data, c.index, c.role, self._taps[c.name], counts)


def _selected(arrays: Sequence[Array], kept: Sequence[Array]) -> Array:
    """The rows that are seen, request by request; a view where all of one pass are."""
    if len(arrays) == 1:
        array = arrays[0]
        return array.reshape(-1, array.shape[-1]) if kept[0].all() else array[kept[0]]
    joined: Array = np.concatenate(arrays, axis=1)
    rows: Array = joined[np.concatenate(kept, axis=1)]
    return rows


def _joined(ranges: Sequence[RowRange]) -> tuple[RowRange, ...]:
    """Ranges that follow one another become one."""
    out: list[RowRange] = []
    for r in ranges:
        if out and out[-1].phase == r.phase and out[-1].position + out[-1].rows == r.position:
            out[-1] = RowRange(out[-1].position, out[-1].rows + r.rows, r.phase)
        else:
            out.append(r)
    return tuple(out)
