"""Hugging Face transformers: forward passes, and ``generate`` as one request a sequence.

::

    tap = huggingface.watch(model, publisher)
    with tap.requests(Request("r-1", session="chat-7")):
        model.generate(**tokenizer("Hello", return_tensors="pt"))

The prompt is the first part of a request, then follows a part for every 32 generated tokens.
Requests that nobody names get random ids.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .publisher import Publisher
from .records import Request
from .watching import Serving, Tap
from .watching import watch as watch_module


class GeneratingTap:
    """A tap that knows where ``generate`` begins and ends; beams are not told apart."""

    def __init__(self, model: Any, tap: Tap) -> None:
        self._model = model
        self._tap = tap
        self._generate: Any = None
        if getattr(model, "can_generate", lambda: hasattr(model, "generate"))():
            self._generate = model.generate

            @functools.wraps(self._generate)
            def generate(*args: Any, **kwargs: Any) -> Any:
                return self._generating(*args, **kwargs)

            model.generate = generate

    @property
    def tap(self) -> Tap:
        """The hooks themselves."""
        return self._tap

    @contextmanager
    def requests(self, *requests: Request | str) -> Iterator[Serving]:
        """Says whose the passes within are; a request for each item of the batch."""
        generates = self._generate is not None
        with self._tap.requests(*requests, phases=generates, ends=self._ends()) as serving:
            yield serving

    def remove(self) -> None:
        """Takes the hooks out."""
        self._tap.remove()
        if self._generate is not None:
            del self._model.generate

    def _generating(self, *args: Any, **kwargs: Any) -> Any:
        inputs: Any = args[0] if args else kwargs.get("input_ids", kwargs.get("inputs"))
        if self._tap.serving() is not None or getattr(inputs, "ndim", 0) < 1:
            return self._generate(*args, **kwargs)
        with self.requests(*(uuid.uuid4().hex for _ in range(len(inputs)))):
            return self._generate(*args, **kwargs)

    def _ends(self) -> Sequence[int]:
        config = getattr(self._model, "generation_config", None)
        ends = getattr(config, "eos_token_id", None)
        if ends is None:
            return ()
        return [ends] if isinstance(ends, int) else list(ends)


def watch(model: Any, publisher: Publisher, *args: Any, **options: Any) -> GeneratingTap:
    """As spectrawatch_tap.watch, and each ``generate`` is a request a sequence."""
    return GeneratingTap(model, watch_module(model, publisher, *args, **options))
