"""Sends what a model's layers hold, without ever holding up the model."""

from __future__ import annotations

import atexit
import logging
import os
import re
import socket
import threading
import time
import uuid
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ._records_of import BatchError, Content, Parts, records_of, selected
from ._tally import Tally
from .basis import InputBasis
from .records import Batch, Layer, Request, SampleRows
from .sampling import Sampler
from .text import TEXT_BYTES, with_text
from .wire import MAX_RECORD_BYTES, Identity

LOG = logging.getLogger("spectrawatch_tap")

DEFAULT_PREFIX = "spectrawatch."

_RECORD_OVERHEAD_BYTES = 64 * 1024
_POLL_SECONDS = 0.02
_SECONDS_AT_EXIT = 5.0

_DEFAULTS: dict[str, Any] = {
    "acks": "all",
    "enable.idempotence": True,
    "linger.ms": 5,
    # Java's partitioner, so that a capture id goes to the same shard from either client.
    "partitioner": "murmur2_random",
    # Brokers that restart one after the other, and within the age up to which ingest takes a
    # late snapshot.
    "message.timeout.ms": 300_000,
    "message.max.bytes": MAX_RECORD_BYTES + _RECORD_OVERHEAD_BYTES,
    "queue.buffering.max.messages": 1_000_000,
}


@dataclass(frozen=True)
class Model:
    """Which model the rows come from.

    ``digest`` is 64 hexadecimal digits that stand for its weights: see spectrawatch_tap.digest.
    """

    id: str
    version: str
    digest: str

    def __post_init__(self) -> None:
        for name in ("id", "version"):
            text = getattr(self, name)
            if not text.strip() or len(text) > 256:
                raise ValueError(f"model {name} must have 1 to 256 characters, found '{text}'")
        if not re.fullmatch("[0-9a-f]{64}", self.digest):
            raise ValueError(
                f"model digest must be 64 lower-case hexadecimal digits, found '{self.digest}'"
            )


@dataclass(frozen=True)
class Stats:
    """What became of the snapshots so far.

    ``dropped`` found no room, ``failed`` were refused or not taken in time by the broker,
    ``invalid`` fitted no record; each is a gap in the sequence. ``mended`` requests lost a field
    that ingest would refuse; ``sampled_out`` requests were not to be captured.
    """

    capture_id: str
    published: int
    published_bytes: int
    dropped: int
    failed: int
    invalid: int
    mended: int
    sampled_out: int
    queued: int
    queued_bytes: int


class Pending(Protocol):
    """Rows that may still be on their way from a device."""

    @property
    def nbytes(self) -> int:
        """What they take in memory."""

    def samples(self) -> Sequence[SampleRows]:
        """Whose they are, as far as is known at once; ranges may come later."""

    def batch(self) -> Batch | None:
        """The rows themselves, None if none are left; called on the publisher's thread."""


class Publisher:
    """Sends snapshots of one model to Kafka from a thread of its own.

    ``publish`` puts rows into a bounded queue and returns. Where there is no room they are
    dropped and counted, and a number of the sequence is skipped, so that everybody downstream
    sees the gap. No error of Kafka or of the rows reaches the caller.

    A forked child begins a capture of its own with an empty queue. ``close`` sends what waits;
    the interpreter's exit gives it five seconds.
    """

    def __init__(
        self,
        kafka: Mapping[str, Any] | str,
        model: Model,
        *,
        sampling: float = 1.0,
        topic_prefix: str = DEFAULT_PREFIX,
        max_bytes: int = 64 * 1024 * 1024,
        text: bool = False,
        bases: Mapping[str, InputBasis | str | Path] | None = None,
        capture_prefix: str | None = None,
        producer: Any = None,
    ) -> None:
        """Opens a producer; brokers are contacted in the background.

        ``kafka`` is bootstrap servers, or options of librdkafka, which win over ours. ``sampling``
        is the share of requests that are captured. ``max_bytes`` bounds the rows that wait and
        the records under way together. ``text`` sends the texts of requests as counts of hashed
        n-grams, in a layer before all others; ``bases`` send the layers named as coordinates in a
        basis, or in that of a file, instead of their values. ``capture_prefix`` begins the
        capture id: host name and, where several processes serve, the rank. ``producer`` makes a
        producer of options, for tests.
        """
        if max_bytes < MAX_RECORD_BYTES:
            raise ValueError(
                f"max_bytes must hold the largest record, {MAX_RECORD_BYTES}, found {max_bytes}"
            )
        self.model = model
        self.topic = topic_prefix + "activations"
        self.sampler = Sampler(sampling)
        self.max_bytes = max_bytes
        self.text = text
        self.bases = {
            name: basis if isinstance(basis, InputBasis) else InputBasis(basis)
            for name, basis in (bases or {}).items()
        }
        options = {"bootstrap.servers": kafka} if isinstance(kafka, str) else dict(kafka)
        if "bootstrap.servers" not in options and "metadata.broker.list" not in options:
            raise ValueError("Kafka's option bootstrap.servers is missing")
        buffered = {"queue.buffering.max.kbytes": max_bytes // 1024 + MAX_RECORD_BYTES // 1024}
        self._options = {**_DEFAULTS, **buffered, **options}
        self._new_producer = producer or _confluent
        self._capture_prefix = capture_prefix or socket.gethostname()
        self._begin()
        self._producer: Any = self._new_producer(self._options)
        _OPEN.add(self)

    def _begin(self) -> None:
        """Starts a capture: at construction, and in a forked child."""
        # 64 characters of a host name leave room within what ingest takes.
        self.capture_id = f"{self._capture_prefix[:64]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self._identity = Identity(
            self.model.id, self.model.version, self.model.digest, self.capture_id
        )
        self._key = self.capture_id.encode()
        # Entered again where a signal handler closes the publisher; faster than the condition's.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._idle = False
        self._tally = Tally()
        self._queue: deque[Pending | int] = deque()
        self._parts = Parts()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._abandoned = False
        self._waiting_bytes = 0
        self._sequence = 0
        self._counts = dict.fromkeys(
            (
                "published",
                "published_bytes",
                "dropped",
                "failed",
                "invalid",
                "mended",
                "sampled_out",
            ),
            0,
        )
        self._under_way = 0
        self._warned: set[str] = set()

    def publish(
        self,
        samples: Sequence[SampleRows | Request],
        layers: Sequence[Layer],
        captured_at: int | None = None,
        copy: bool = False,
    ) -> bool:
        """Hands rows over and returns at once.

        Without ``copy`` the arrays belong to the publisher from here on: nobody may write to them.
        Rows of requests that are not to be captured are left out. False if there was no room.
        """
        try:
            whole = [s if isinstance(s, SampleRows) else SampleRows(s) for s in samples]
            if self.sampler.share < 1.0:
                kept = [self.keeps(s.request.id) for s in whole]
                if not any(kept):
                    return True
                if not all(kept):
                    layers = [selected(layer, whole, kept) for layer in layers]
                    whole = [s for s, keep in zip(whole, kept, strict=True) if keep]
                    copy = False
            if copy:
                layers = [replace(layer, data=np.array(layer.data)) for layer in layers]
            return self.submit(_Ready(Batch(whole, layers, captured_at or now())))
        except Exception:
            self._invalid("rows could not be handed over")
            return False

    def keeps(self, id: str) -> bool:
        """Whether a request is captured; what is not is counted."""
        if self.sampler.keeps(id):
            return True
        with self._lock:
            self._counts["sampled_out"] += 1
        return False

    def submit(self, pending: Pending) -> bool:
        """Hands over rows that may still be on their way; False if there was no room."""
        size = self._size(pending)
        with self._lock:
            if self._closing:
                self._drop(pending)
                return False
            # What is larger than the queue may go alone: it is split into records that fit.
            if self._waiting_bytes and self._waiting_bytes + size > self.max_bytes:
                self._drop(pending)
                return False
            self._waiting_bytes += size
            self._queue.append(pending)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="spectrawatch-tap", daemon=True
                )
                self._thread.start()
            if self._idle:
                self._changed.notify_all()
        return True

    def _size(self, pending: Pending) -> int:
        size = pending.nbytes
        if self.text:
            size += sum(TEXT_BYTES + len(s.request.text or "") for s in pending.samples())
        return size

    def _drop(self, pending: Pending) -> None:
        """Uses up a sequence number, after those that wait; a run of drops is one entry."""
        self._counts["dropped"] += 1
        for s in pending.samples():
            self._parts.lose(s.request.id, s.first, s.last)
        if self._queue and isinstance(self._queue[-1], int):
            self._queue[-1] += 1
        else:
            self._queue.append(1)

    def stats(self) -> Stats:
        """What became of the snapshots so far."""
        with self._lock:
            queued = sum(1 for entry in self._queue if not isinstance(entry, int))
            return Stats(
                capture_id=self.capture_id,
                queued=queued + self._under_way,
                queued_bytes=self._waiting_bytes,
                **self._counts,
            )

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits until nothing waits any more; whether that came about in time."""
        deadline = time.monotonic() + timeout
        with self._lock:
            while self._queue or self._under_way or self._waiting_bytes:
                left = deadline - time.monotonic()
                if left <= 0 or self._thread is None:
                    return False
                self._changed.wait(min(left, 0.05))
        return True

    def close(self, timeout: float = 10.0) -> None:
        """Lets no more in, sends what waits, and counts what is left as failed."""
        with self._lock:
            self._closing = True
            thread = self._thread
            self._changed.notify_all()
        if thread is not None:
            thread.join(timeout)
        with self._lock:
            if self._abandoned:
                return
            self._abandoned = True
            left = [entry for entry in self._queue if not isinstance(entry, int)]
            self._counts["failed"] += len(left) + self._under_way
            self._queue.clear()
            self._waiting_bytes = 0
            self._under_way = 0
            self._changed.notify_all()
        if thread is not None and thread.is_alive():
            thread.join(1.0)
            self._producer.purge()
        _OPEN.discard(self)

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # What follows runs on the publisher's thread.

    def _run(self) -> None:
        size = 0
        while (entry := self._take(size)) is not None:
            if isinstance(entry, int):
                self._sequence += entry
                size = 0
                continue
            size = self._size(entry)
            try:
                batch = entry.batch()
                if batch is not None:
                    self._send_all(batch)
            except BatchError as e:
                self._sequence += 1
                self._invalid(f"a batch fits into no record: {e}")
            except Exception:
                self._sequence += 1
                self._invalid("a batch could not be encoded")

    def _take(self, done: int) -> Pending | int | None:
        """The next entry; None when closing and everything is delivered, or given up.

        ``done`` bytes of the one before wait no more.
        """
        while True:
            if self._tally.error is not None:
                self._warn("failed", f"a snapshot could not be sent: {self._tally.error}")
                self._tally.error = None
            with self._lock:
                self._tell(done)
                done = 0
                if self._abandoned:
                    return None
                if self._queue:
                    return self._queue.popleft()
                if not self._under_way:
                    if self._closing:
                        return None
                    self._idle = True
                    self._changed.wait()
                    self._idle = False
                    continue
            self._producer.poll(_POLL_SECONDS)

    def _tell(self, done: int = 0) -> None:
        """Adds what was done since the last time to the counts, all at once under the lock."""
        tally = self._tally
        counts = self._counts
        if self._abandoned:
            # Those that were begun since are not among those that close has given up.
            counts["failed"] += tally.begun
        else:
            self._under_way += tally.begun - tally.ended
            self._waiting_bytes += tally.begun_bytes - tally.ended_bytes - done
            counts["published"] += tally.ended - tally.failed
            counts["published_bytes"] += tally.ended_bytes - tally.failed_bytes
            counts["failed"] += tally.failed
            if not (self._waiting_bytes or self._under_way or self._queue):
                self._changed.notify_all()
        tally.clear()

    def _send_all(self, batch: Batch) -> None:
        weight = self.sampler.weight
        samples = [self._sample(s, weight) for s in batch.samples]
        layers = [self.bases[x.name].layer(x) if x.name in self.bases else x for x in batch.layers]
        batch = Batch(samples, layers, batch.captured_at)
        if self.text:
            batch = with_text(batch)
        for content in records_of(batch, self._parts, MAX_RECORD_BYTES):
            self._send(content, batch.captured_at)

    def _sample(self, s: SampleRows, weight: float) -> SampleRows:
        request = s.request.checked()
        if request is not s.request:
            with self._lock:
                self._counts["mended"] += 1
            self._warn("mended", f"request '{request.id}' had fields that ingest would refuse")
        elif s.weight == weight:
            return s
        return replace(s, request=request, weight=weight)

    def _send(self, content: Content, captured_at: int) -> None:
        sequence = self._sequence
        self._sequence += 1
        value = self._identity.encode(sequence, captured_at, content.samples, content.layers)
        size = len(value)
        tally = self._tally
        tally.begin(size)
        while True:
            try:
                self._producer.produce(
                    self.topic,
                    value,
                    self._key,
                    timestamp=captured_at // 1000,
                    on_delivery=partial(tally.end, size),
                )
                self._producer.poll(0)
                return
            except BufferError:
                self._producer.poll(_POLL_SECONDS)
                with self._lock:
                    self._tell()
                    if self._abandoned:
                        return
            except Exception as e:
                tally.end(size, e)
                return

    def _invalid(self, message: str) -> None:
        with self._lock:
            self._counts["invalid"] += 1
        self._warn("invalid", message)

    def _warn(self, kind: str, message: str) -> None:
        """One line when something begins to fail; the counters tell the rest."""
        if kind not in self._warned:
            self._warned.add(kind)
            LOG.warning("%s; further ones are counted only", message, exc_info=kind == "invalid")

    def _after_fork(self) -> None:
        # The parent's producer has no threads here, and would wait for them if it were destroyed.
        _INHERITED.append(self._producer)
        closed = self._closing
        self._begin()
        self._closing = self._abandoned = closed
        self._producer = _Lazy(self._new_producer, self._options)


class _Ready:
    """Rows that are in memory."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self.nbytes = sum(layer.data.nbytes for layer in batch.layers)

    def samples(self) -> Sequence[SampleRows]:
        return self._batch.samples

    def batch(self) -> Batch:
        return self._batch


class _Lazy:
    """A producer that is opened when it is first used."""

    def __init__(self, new: Any, options: dict[str, Any]) -> None:
        self._new = new
        self._options = options
        self._producer: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._producer is None:
            self._producer = self._new(self._options)
        return getattr(self._producer, name)


def _confluent(options: dict[str, Any]) -> Any:
    from confluent_kafka import Producer

    return Producer(options, logger=LOG)


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


_OPEN: weakref.WeakSet[Publisher] = weakref.WeakSet()
_INHERITED: list[Any] = []


def _children_begin_anew() -> None:
    for publisher in list(_OPEN):
        publisher._after_fork()


def _close_all() -> None:
    for publisher in list(_OPEN):
        publisher.close(_SECONDS_AT_EXIT)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_children_begin_anew)
atexit.register(_close_all)
