"""What the thread that sends has done since it last told the others."""

from __future__ import annotations

from typing import Any


class Tally:
    """Records begun and ended; the sending thread alone touches it, so that it needs no lock."""

    __slots__ = ("begun", "begun_bytes", "ended", "ended_bytes", "error", "failed", "failed_bytes")

    def __init__(self) -> None:
        self.error: Any = None
        self.clear()

    def clear(self) -> None:
        """Nothing is left to tell."""
        self.begun = self.begun_bytes = 0
        self.ended = self.ended_bytes = 0
        self.failed = self.failed_bytes = 0

    def begin(self, size: int) -> None:
        """A record is handed to the producer."""
        self.begun += 1
        self.begun_bytes += size

    def end(self, size: int, error: Any, _message: Any = None) -> None:
        """The broker has it, or it never will."""
        self.ended += 1
        self.ended_bytes += size
        if error is not None:
            self.failed += 1
            self.failed_bytes += size
            self.error = error
