"""Taps the layers of a PyTorch model while it serves."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ._steps import Step, Steps, rows_of
from .copies import TensorCopy
from .layers import Candidate, chosen
from .publisher import LOG, Publisher
from .records import Phase, Request

if TYPE_CHECKING:
    import torch
    from torch import nn

STEPS_OF_A_PART = 32
"""Forward passes of a request that are sent together."""

BYTES_OF_A_PART = 1 << 20


def watch(
    model: nn.Module,
    publisher: Publisher,
    layers: str | Sequence[str] = "auto",
    *,
    tokens: str = "all",
    maps: str = "pool",
    taps: Mapping[str, str] | None = None,
) -> Tap:
    """Taps modules of a model: what they return is published after each forward pass.

    ``layers`` are ``auto``, names or globs of names (``spectrawatch-tap list`` prints them); a
    ``*`` matches no dot, so that ``blocks.*`` are the blocks and not what they consist of.
    Outputs are tensors, or tuples or data classes whose first tensor counts:

    =====================  =========================================================
    output                 rows
    =====================  =========================================================
    [batch, columns]       one a request
    [batch, tokens, cols]  one a token that ``attention_mask`` does not hide, or the
                           last such one with ``tokens="last"``
    [batch, channels, ..]  feature maps: their means, one row a request; all of it
                           with ``maps="flatten"``; a row a place, of channels, with
                           ``maps="places"``
    =====================  =========================================================

    ``taps`` says by layer name what is tapped, such as ``residual-pre-norm``.

    Raises ValueError if a name matches no module or an option is not known.
    """
    if tokens not in ("all", "last"):
        raise ValueError(f"tokens must be all or last, found '{tokens}'")
    if maps not in ("pool", "flatten", "places"):
        raise ValueError(f"maps must be pool, flatten or places, found '{maps}'")
    inner = getattr(model, "_orig_mod", model)
    return Tap(model, publisher, chosen(inner, layers), tokens, maps, dict(taps or {}))


class Tap:
    """The hooks in a model; ``remove`` takes them out again. Any number of threads may serve."""

    def __init__(
        self,
        model: nn.Module,
        publisher: Publisher,
        layers: Sequence[Candidate],
        tokens: str,
        maps: str,
        taps: dict[str, str],
    ) -> None:
        self.publisher = publisher
        self.layers = [
            dataclasses.replace(candidate, index=index) for index, candidate in enumerate(layers)
        ]
        self.taps = {c.name: taps.get(c.name, c.tap) for c in self.layers}
        self.tokens = tokens
        self.maps = maps
        self._asked: ContextVar[Serving | None] = ContextVar("spectrawatch_tap", default=None)
        self._local = threading.local()
        self._warned: set[str] = set()
        self._model = model
        self._forward: Any = model.forward
        self._parameters = list(inspect.signature(self._forward).parameters)
        self._wrapped = self._wrap()
        # Beside the class's own method, so that exceptions and direct calls are seen too.
        model.forward = self._wrapped
        self._handles = [
            c.module.register_forward_hook(_outside_of_graphs(functools.partial(self._hook, c)))
            for c in self.layers
        ]

    def remove(self) -> None:
        """Takes the hooks out."""
        for handle in self._handles:
            handle.remove()
        if self._model.__dict__.get("forward") is self._wrapped:
            del self._model.forward
            if self._model.forward != self._forward:
                # A compiled model has its forward as an attribute of its own.
                self._model.forward = self._forward

    @contextlib.contextmanager
    def requests(
        self, *requests: Request | str, phases: bool = False, ends: Sequence[int] = ()
    ) -> Iterator[Serving]:
        """Says whose the forward passes within are: a request for each item of the batch.

        Several passes are parts of the same requests. With ``phases`` the first pass is the
        prompt and what follows is generated; ``ends`` are the tokens after which no more come.
        """
        whole = [Request(r) if isinstance(r, str) else r for r in requests]
        serving = Serving(self, whole, phases, ends)
        token = self._asked.set(serving)
        try:
            yield serving
        finally:
            self._asked.reset(token)
            serving.close()

    def serving(self) -> Serving | None:
        """Whose passes these are, where that was said."""
        return self._asked.get()

    def _wrap(self) -> Any:
        forward = self._forward

        @functools.wraps(forward)
        def tapped(*args: Any, **kwargs: Any) -> Any:
            outer = getattr(self._local, "run", None)
            if outer is not None:
                return forward(*args, **kwargs)
            run = self._local.run = _Pass(self, self._asked.get())
            try:
                run.inputs(
                    self._argument("attention_mask", args, kwargs),
                    self._argument("input_ids", args, kwargs),
                )
                output = forward(*args, **kwargs)
                run.finish()
                return output
            finally:
                self._local.run = None

        return _outside_of_graphs(tapped)

    def _argument(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if name in kwargs:
            return kwargs[name]
        if name in self._parameters and self._parameters.index(name) < len(args):
            return args[self._parameters.index(name)]
        return None

    def _hook(self, layer: Candidate, _module: Any, _inputs: Any, output: Any) -> None:
        run = getattr(self._local, "run", None)
        if run is not None:
            run.take(layer, output)

    def warn(self, kind: str, message: str) -> None:
        """One line of each kind."""
        if kind not in self._warned:
            self._warned.add(kind)
            LOG.warning(message, exc_info=kind == "error")


class _Pass:
    """One forward pass on one thread. Whatever goes wrong here costs rows, never the pass."""

    def __init__(self, tap: Tap, serving: Serving | None) -> None:
        self._tap = tap
        self._serving = serving
        self._kept: list[int] | None = None
        self._items: int | None = None
        self._step = Step()
        self._over = serving is not None and not serving.kept
        if serving is not None:
            self._known(serving)

    def _known(self, serving: Serving) -> None:
        self._items = len(serving.requests)
        self._kept = None if len(serving.kept) == self._items else serving.kept

    def inputs(self, mask: Any, ids: Any) -> None:
        """What goes in: which tokens are hidden, and which tokens they are."""
        if self._over:
            return
        try:
            if getattr(mask, "ndim", 0) == 2:
                self._begin(mask.shape[0])
                if not self._over:
                    self._step.mask = TensorCopy(mask, self._kept)
            serving = self._serving
            if serving is not None and serving.ends and getattr(ids, "ndim", 0) == 2:
                self._step.ids = TensorCopy(ids, self._kept)
        except Exception:
            self._fail()

    def _begin(self, items: int) -> None:
        """Now that it is known how many requests there are."""
        if self._items is None:
            whole = [Request(uuid.uuid4().hex) for _ in range(items)]
            self._serving = Serving(self._tap, whole, False, ())
            self._known(self._serving)
            self._over = not self._serving.kept

    def take(self, layer: Candidate, output: Any) -> None:
        """What a layer returned."""
        if self._over:
            return
        try:
            tensor = _tensor(output)
            if tensor is None:
                self._tap.warn(layer.name, f"layer '{layer.name}' returned no tensor")
                return
            self._begin(tensor.shape[0])
            if self._over:
                return
            if tensor.shape[0] != self._items:
                self._tap.warn(
                    layer.name,
                    f"layer '{layer.name}' returned {tensor.shape[0]} items for {self._items}"
                    " requests; its rows are left out",
                )
                return
            tensor = rows_of(tensor, self._tap.maps)
            self._step.copies.setdefault(layer.name, TensorCopy(tensor, self._kept))
        except Exception:
            self._fail()

    def finish(self) -> None:
        """The pass came to its end."""
        if self._over or self._serving is None or not self._step.copies:
            return
        try:
            self._serving.add(self._step)
            if self._tap.serving() is None:
                self._serving.close()
        except Exception:
            self._fail()

    def _fail(self) -> None:
        self._over = True
        self._tap.warn("error", "a forward pass could not be tapped; further ones are not logged")


class Serving:
    """Requests from their first forward pass to their last."""

    def __init__(
        self, tap: Tap, requests: Sequence[Request], phases: bool, ends: Sequence[int]
    ) -> None:
        self._tap = tap
        self.requests = requests
        self.kept = [i for i, r in enumerate(requests) if tap.publisher.keeps(r.id)]
        self.ends = frozenset(ends)
        self._phases = phases
        self._ended = [False] * len(self.kept)
        self._steps: list[Step] = []
        self._passes = 0
        self._offset = 0
        self._sent = False

    def add(self, step: Step) -> None:
        """A forward pass; sent with others, or when the requests end."""
        step.offset = self._offset
        self._offset += step.tokens
        if self._phases:
            step.phase = Phase.PROMPT if self._passes == 0 else Phase.GENERATED
        self._passes += 1
        alone = step.tokens == 0 or step.phase == Phase.PROMPT
        if self._steps and (alone or self._steps[-1].phase == Phase.PROMPT or self._full()):
            self._send(last=False)
        self._steps.append(step)

    def _full(self) -> bool:
        before = self._steps
        return (
            len(before) >= STEPS_OF_A_PART
            or sum(s.nbytes for s in before) >= BYTES_OF_A_PART
            or before[-1].tokens == 0
        )

    def close(self) -> None:
        """No pass follows."""
        if self._steps:
            try:
                self._send(last=True)
            except Exception:
                self._tap.warn("error", "the end of a request could not be sent")

    def _send(self, last: bool) -> None:
        steps, self._steps = self._steps, []
        requests = [self.requests[i] for i in self.kept]
        first, self._sent = not self._sent, True
        pending = Steps(
            self._tap.layers,
            self._tap.taps,
            requests,
            steps,
            first=first,
            last=last,
            only_last=self._tap.tokens == "last",
            ends=self.ends,
            ended=self._ended,
        )
        self._tap.publisher.submit(pending)


def _tensor(output: Any) -> torch.Tensor | None:
    """The tensor itself, or the first within a tuple, a mapping or a data class."""
    import torch

    if isinstance(output, torch.Tensor):
        return output if output.ndim else None
    if isinstance(output, Mapping):
        inner: Any = output.values()
    elif isinstance(output, (tuple, list)):
        inner = output
    elif dataclasses.is_dataclass(output) and not isinstance(output, type):
        inner = (getattr(output, field.name) for field in dataclasses.fields(output))
    else:
        return None
    return next((t for t in map(_tensor, inner) if t is not None), None)


def _outside_of_graphs(function: Any) -> Any:
    """Python that torch.compile leaves as it is, and goes on compiling what it calls."""
    import torch

    if not hasattr(torch, "compile"):
        return function
    import torch._dynamo

    return torch._dynamo.disable(function, recursive=False)
