"""ONNX Runtime: a session whose inner tensors are outputs, for us alone.

::

    session = onnx.TappedSession("model.onnx", publisher, ["/conv1/Relu_output_0", "logits"])
    session.run(None, {"input": images}, requests=["r-1", "r-2"])
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .publisher import LOG, Publisher
from .records import Array, Layer, Request, Role, RowRange, SampleRows


class TappedSession:
    """Runs as ``onnxruntime.InferenceSession`` does, and publishes what the named tensors held.

    A tensor of [batch, columns] has a row a request, of [batch, tokens, columns] one a token;
    of feature maps the means are taken.
    """

    def __init__(
        self,
        model: str | Path,
        publisher: Publisher,
        tensors: Sequence[str],
        roles: Mapping[str, Role] | None = None,
        taps: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """``options`` are those of an InferenceSession.

        Raises ValueError if the model has no tensor of a name.
        """
        import onnx
        import onnxruntime

        loaded = onnx.load(str(model))
        given = [output.name for output in loaded.graph.output]
        known = {name for node in loaded.graph.node for name in node.output}
        known.update(i.name for i in loaded.graph.input)
        for name in tensors:
            if name not in known:
                raise ValueError(f"no tensor '{name}' in {model}; some are {sorted(known)[:8]}")
            if name not in given:
                loaded.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
        options.setdefault("providers", ["CPUExecutionProvider"])
        self._session = onnxruntime.InferenceSession(loaded.SerializeToString(), **options)
        self._given = given
        self._tensors = list(tensors)
        self._roles = roles or {}
        self._taps = taps or {}
        self._publisher = publisher
        self._failed = False

    @property
    def session(self) -> Any:
        """The session itself."""
        return self._session

    def run(
        self,
        outputs: Sequence[str] | None,
        feeds: Mapping[str, Any],
        *options: Any,
        requests: Sequence[Request | str] | None = None,
        mask: Array | None = None,
    ) -> list[Any]:
        """The outputs of the model; ``mask`` [batch, tokens] hides tokens from the tap."""
        wanted = list(outputs or self._given)
        values = self._session.run([*wanted, *self._tensors], dict(feeds), *options)
        try:
            self._publish(values[len(wanted) :], requests, mask)
        except Exception:
            if not self._failed:
                self._failed = True
                LOG.warning("a run could not be published", exc_info=True)
        return list(values[: len(wanted)])

    def _publish(
        self,
        arrays: Sequence[Array],
        requests: Sequence[Request | str] | None,
        mask: Array | None,
    ) -> None:
        named = requests or [uuid.uuid4().hex for _ in range(len(arrays[0]))]
        whole = [Request(r) if isinstance(r, str) else r for r in named]
        counts: list[int] | None = None
        layers = []
        for index, (name, array) in enumerate(zip(self._tensors, arrays, strict=True)):
            role = self._roles.get(name, Role.HIDDEN)
            rows, own = _rows(array, mask)
            counts = own or counts
            layers.append(Layer(name, rows, index, role, self._taps.get(name), own))
        samples = [
            SampleRows(r, None if counts is None else (RowRange(0, counts[i]),))
            for i, r in enumerate(whole)
        ]
        if counts is not None:
            layers = [layer if layer.counts else _per_sample(layer, len(whole)) for layer in layers]
        self._publisher.publish(samples, layers)


def _per_sample(layer: Layer, items: int) -> Layer:
    return Layer(layer.name, layer.data, layer.index, layer.role, layer.tap, [1] * items)


def _rows(array: Array, mask: Array | None) -> tuple[Array, list[int] | None]:
    """[rows, columns], and rows a request where rows are tokens."""
    if array.ndim == 3:
        items, tokens, columns = array.shape
        if mask is None:
            return array.reshape(-1, columns), [tokens] * items
        seen = np.asarray(mask) != 0
        return array[seen], seen.sum(1).tolist()
    if array.ndim > 3:
        return array.reshape(*array.shape[:2], -1).mean(2), None
    return array.reshape(len(array), -1), None
