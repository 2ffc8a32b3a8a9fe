"""What a tap says: requests, their rows, and the layers these stand in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAX_TEXT = 256
"""Characters of an id, a client, a tenant, a session and a value of an attribute."""

MAX_ATTRIBUTES = 16

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
_TRACE_ID = re.compile(r"(?!0{32})[0-9a-f]{32}\Z")
_SPAN_ID = re.compile(r"(?!0{16})[0-9a-f]{16}\Z")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?\Z")


class Role(IntEnum):
    """What a tensor is for the model."""

    INPUT = 0
    HIDDEN = 1
    EMBEDDING = 2
    LOGITS = 3


class ElementType(IntEnum):
    """How one element of a layer stands in the record."""

    FLOAT32 = 0
    FLOAT16 = 1
    BFLOAT16 = 2


class Phase(IntEnum):
    """Whether tokens were given or generated."""

    PROMPT = 0
    GENERATED = 1


@dataclass(frozen=True)
class Request:
    """One request to the model, and where it comes from.

    What is not known stays None. Optional fields that no reader would take are left out of the
    record and counted as mended: see :meth:`checked`. The text stays in this process; what a
    publisher with ``text=True`` sends of it are counts of hashed n-grams.
    """

    id: str
    client: str | None = None
    tenant: str | None = None
    session: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str | None = field(default=None, repr=False)

    @staticmethod
    def of_trace(traceparent: str | None, id: str | None = None, **context: Any) -> Request:
        """The request of a W3C ``traceparent`` header; its trace id is the request id if none is
        given, and a random id where the header is missing or malformed."""
        match = _TRACEPARENT.match(traceparent or "")
        trace, span = match.groups() if match else (None, None)
        if trace is None or not _TRACE_ID.match(trace):
            trace = span = None
        return Request(id or trace or uuid.uuid4().hex, trace_id=trace, span_id=span, **context)

    def checked(self) -> Request:
        """This request if ingest takes all of it, else one without what it would refuse."""
        usable: dict[str, Any] = {}
        if not _is_text(self.id):
            usable["id"] = _substitute(self.id)
        for name in ("client", "tenant", "session"):
            value = getattr(self, name)
            if value is not None and not _is_text(value):
                usable[name] = None
        if self.trace_id is not None and not _matches(_TRACE_ID, self.trace_id):
            usable["trace_id"] = None
        if self.span_id is not None and (
            "trace_id" in usable or self.trace_id is None or not _matches(_SPAN_ID, self.span_id)
        ):
            usable["span_id"] = None
        if self.attributes:
            kept = {n: v for n, v in self.attributes.items() if _matches(_NAME, n) and _is_text(v)}
            if len(kept) > MAX_ATTRIBUTES:
                kept = {n: kept[n] for n in sorted(kept)[:MAX_ATTRIBUTES]}
            if len(kept) < len(self.attributes):
                usable["attributes"] = kept
        return replace(self, **usable) if usable else self


@dataclass(frozen=True)
class RowRange:
    """Rows that follow one another in the sequence of a request.

    ``position`` is the place of the first of them, from 0; ``rows`` how many, 1 or more.
    """

    position: int
    rows: int
    phase: Phase | None = None


@dataclass(frozen=True)
class SampleRows:
    """What one request has in a batch.

    ``ranges`` say which rows of its sequence follow, None where rows have no place in one.
    ``first`` and ``last`` tell whether rows of it came before or will come after.
    """

    request: Request
    ranges: tuple[RowRange, ...] | None = None
    first: bool = True
    last: bool = True
    weight: float = 1.0


@dataclass(frozen=True)
class Layer:
    """The rows of one tensor: ``data`` is [rows, columns], of float32, float16, or int16 for
    bfloat16 (a view of its bits); other numbers become float32.

    ``counts`` is how many rows each sample has, in the order of the samples. Without it a layer
    has the rows that the samples' ranges say, or one row a sample where they say none.
    """

    name: str
    data: Array
    index: int
    role: Role = Role.HIDDEN
    tap: str | None = None
    counts: Sequence[int] | None = None

    @property
    def element_type(self) -> ElementType:
        """How the elements are written."""
        dtype = self.data.dtype
        found = _ELEMENT_TYPES.get(dtype)
        if found is None and not dtype.isnative:
            found = _ELEMENT_TYPES.get(dtype.newbyteorder("="))
        return ElementType.FLOAT32 if found is None else found


@dataclass(frozen=True)
class Batch:
    """Rows that came out of the model together, of one capture time in microseconds since 1970."""

    samples: Sequence[SampleRows]
    layers: Sequence[Layer]
    captured_at: int


_ELEMENT_TYPES = {
    np.dtype(np.float32): ElementType.FLOAT32,
    np.dtype(np.float16): ElementType.FLOAT16,
    np.dtype(np.int16): ElementType.BFLOAT16,
}

WRITTEN_AS: tuple[np.dtype[Any], ...] = (np.dtype("<f4"), np.dtype("<f2"), np.dtype("<i2"))
"""The array type that holds the bytes of an element type, by its number."""


def _is_text(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_TEXT
        and not value.isspace()
        and (value.isascii() or _is_unicode(value))
    )


def _is_unicode(value: str) -> bool:
    """Whether UTF-8 holds it, and it holds no sign of what UTF-8 did not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\ufffd" not in value


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


def _substitute(id: object) -> str:
    """Of an id that is too long the same for the same; a random one where there is none."""
    if isinstance(id, str) and len(id) > MAX_TEXT:
        return blake2b(id.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return uuid.uuid4().hex
