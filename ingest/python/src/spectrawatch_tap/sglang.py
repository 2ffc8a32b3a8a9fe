"""SGLang: ``--forward-hooks`` with ``spectrawatch_tap.sglang:hook_factory``.

::

    [{"name": "spectrawatch", "target_modules": ["model"],
      "hook_factory": "spectrawatch_tap.sglang:hook_factory",
      "config": {"kafka": "broker:9092", "model": "my-model", "version": "1",
                 "weights": "/models/my-model", "layers": ["layers.0", "layers.31"]}}]

The target is the module below which the layers are named, whose forward takes the forward batch.
Passes that a CUDA graph replays call no hooks: serve with ``--disable-cuda-graph``, or have the
prompts alone. SGLang does not say when a request ends; its last part is sent when a later decode
pass goes on without it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ._settings import publisher_of
from .copies import TensorCopy
from .layers import Candidate, chosen
from .publisher import LOG, Publisher, now
from .records import Batch, Layer, Phase, Request, RowRange, SampleRows
from .watching import STEPS_OF_A_PART, _tensor

_SETTINGS = ("layers", "taps")


def hook_factory(config: Mapping[str, Any]) -> Any:
    """The hook ``(module, inputs, output)`` that SGLang registers; None beside rank 0 of tensor
    parallelism, whose rows are the same."""
    if _tensor_parallel_rank() != 0:
        return None
    publisher = publisher_of(config, also=_SETTINGS)
    return PackedTap(publisher, config.get("layers", "auto"), config.get("taps", {})).hook


def _tensor_parallel_rank() -> int:
    try:
        from sglang.srt.distributed.parallel_state import get_tensor_model_parallel_rank

        return int(get_tensor_model_parallel_rank())
    except Exception:
        return 0


@dataclass
class _Pass:
    """A forward pass over the tokens of many requests, one after another."""

    requests: list[Request]
    ranges: list[RowRange]
    copies: dict[str, TensorCopy]
    captured_at: int = field(default_factory=now)


def _batch_of(inputs: Any) -> Any:
    """The forward batch among the arguments of a module."""
    return next((i for i in inputs if hasattr(i, "forward_mode")), None)


def _ids(batch: Any) -> list[str]:
    """Request ids; where a release does not tell them, the slots of the requests."""
    return [str(id) for id in batch.rids or [f"slot-{int(i)}" for i in batch.req_pool_indices]]


class PackedTap:
    """Taps modules whose outputs are [tokens, columns] of a whole batch."""

    def __init__(
        self, publisher: Publisher, layers: str | Sequence[str], taps: Mapping[str, str]
    ) -> None:
        self._publisher = publisher
        self._wanted = layers
        self._taps = taps
        self._layers: list[Candidate] | None = None
        self._copies: dict[str, TensorCopy] = {}
        self._columns: dict[str, int] = {}
        self._held: list[_Pass] = []
        # Requests that go on, and whether they went in since the last decode pass.
        self._live: dict[str, bool] = {}
        self._failed = False

    def hook(self, module: Any, inputs: Any, _output: Any) -> None:
        """After a pass of the target module; the first one puts the hooks into its layers."""
        try:
            if self._layers is None:
                self._begin(module)
                return
            batch = _batch_of(inputs)
            copies, self._copies = self._copies, {}
            if batch is not None and (copies or not self._wants(batch)):
                self._take(batch, copies)
        except Exception:
            if not self._failed:
                self._failed = True
                LOG.warning("a pass of SGLang could not be tapped", exc_info=True)

    def _begin(self, module: Any) -> None:
        self._layers = []
        for index, c in enumerate(chosen(module, self._wanted)):
            layer = Candidate(c.name, c.module, index, c.role, c.columns, True)
            self._layers.append(layer)
            c.module.register_forward_hook(functools.partial(self._copy, layer.name))

    def _wants(self, batch: Any) -> bool:
        """Whether any request of a batch is captured."""
        return any(self._publisher.sampler.keeps(id) for id in _ids(batch))

    def _copy(self, name: str, _module: Any, inputs: Any, output: Any) -> None:
        tensor = _tensor(output)
        batch = _batch_of(inputs)
        if batch is not None and not self._wants(batch):
            return
        if tensor is not None and tensor.ndim == 2:
            self._copies[name] = TensorCopy(tensor)
            self._columns[name] = tensor.shape[1]

    def _take(self, batch: Any, copies: dict[str, TensorCopy]) -> None:
        requests = [Request(id) for id in _ids(batch)]
        mode = batch.forward_mode
        if mode.is_decode():
            lengths = batch.seq_lens_cpu if batch.seq_lens_cpu is not None else batch.seq_lens
            ranges = [RowRange(int(n) - 1, 1, Phase.GENERATED) for n in lengths]
            self._close({r.id for r in requests})
            if self._held and [r.id for r in self._held[0].requests] != [r.id for r in requests]:
                self._flush(set())
            self._held.append(_Pass(requests, ranges, copies))
            self._live.update(dict.fromkeys((r.id for r in requests), False))
            if len(self._held) >= STEPS_OF_A_PART:
                self._flush(set())
        elif mode.is_extend() and batch.extend_seq_lens_cpu:
            self._flush(set())
            begins = batch.extend_prefix_lens_cpu or [0] * len(requests)
            ranges = [
                RowRange(int(begin), int(count), Phase.PROMPT)
                for begin, count in zip(begins, batch.extend_seq_lens_cpu, strict=True)
            ]
            self._send([_Pass(requests, ranges, copies)], set())
            self._live.update(dict.fromkeys((r.id for r in requests), True))

    def _close(self, going_on: set[str]) -> None:
        """Ends the requests without which decoding goes on."""
        gone = {r for r, entered in self._live.items() if r not in going_on and not entered}
        held = {r.id for r in self._held[0].requests} if self._held else set()
        if gone & held:
            self._flush(gone)
        for id in gone - held:
            self._send_end(id)
        for id in gone:
            del self._live[id]
        self._live = dict.fromkeys(self._live, False)

    def _flush(self, last: set[str]) -> None:
        if self._held:
            held, self._held = self._held, []
            self._send(held, last)

    def _send(self, passes: list[_Pass], last: set[str]) -> None:
        first = {r.id for r in passes[0].requests if r.id not in self._live}
        pending = _Packed(self._layers or [], self._taps, passes, first, last)
        kept = [self._publisher.keeps(r.id) for r in passes[0].requests]
        if any(kept):
            pending.kept = kept
            self._publisher.submit(pending)

    def _send_end(self, id: str) -> None:
        """A part without rows."""
        layers = [
            Layer(
                c.name,
                np.zeros((0, self._columns[c.name]), np.float32),
                c.index,
                c.role,
                self._taps.get(c.name, c.tap),
            )
            for c in self._layers or []
            if c.name in self._columns
        ]
        if layers:
            self._publisher.publish([SampleRows(Request(id), (), first=False)], layers)


class _Packed:
    """Passes over the same requests, on their way to the publisher."""

    def __init__(
        self,
        layers: Sequence[Candidate],
        taps: Mapping[str, str],
        passes: list[_Pass],
        first: set[str],
        last: set[str],
    ) -> None:
        self._layers = layers
        self._taps = taps
        self._passes = passes
        self._first = first
        self._last = last
        self.kept = [True] * len(passes[0].requests)
        self.nbytes = sum(c.nbytes for p in passes for c in p.copies.values())

    def samples(self) -> list[SampleRows]:
        out = []
        for i, request in enumerate(self._passes[0].requests):
            if self.kept[i]:
                ranges = tuple(p.ranges[i] for p in self._passes)
                first, last = request.id in self._first, request.id in self._last
                out.append(SampleRows(request, ranges, first, last))
        return out

    def batch(self) -> Batch:
        layers = []
        for c in self._layers:
            if all(c.name in p.copies for p in self._passes):
                tap = self._taps.get(c.name, c.tap)
                layers.append(Layer(c.name, self._rows(c.name), c.index, c.role, tap))
        return Batch(self.samples(), layers, self._passes[0].captured_at)

    def _rows(self, name: str) -> Any:
        """Rows request by request; what an engine pads a batch with is left out."""
        pieces = []
        arrays = [p.copies[name].array() for p in self._passes]
        begins = [np.cumsum([0] + [r.rows for r in p.ranges]) for p in self._passes]
        for i, keep in enumerate(self.kept):
            if keep:
                for array, begin in zip(arrays, begins, strict=True):
                    pieces.append(array[begin[i] : begin[i + 1]])
        return np.concatenate(pieces)
