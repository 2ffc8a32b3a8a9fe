"""A producer that keeps what it is given."""

import threading
import time

from spectrawatch_tap import wire


class FakeProducer:
    """Delivers at every poll while the broker is there."""

    def __init__(self, options=None):
        self.options = options
        self.up = True
        self.error = None
        self.full = False
        self.sent = []
        self._waiting = []
        self._lock = threading.Lock()

    def produce(self, topic, value, key, timestamp, on_delivery):
        if self.full:
            raise BufferError("queue full")
        if self.error == "produce":
            raise RuntimeError("cannot produce")
        with self._lock:
            self._waiting.append((topic, value, key, timestamp, on_delivery))

    def poll(self, timeout):
        if not self.up:
            time.sleep(min(timeout, 0.005))
            return 0
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for topic, value, key, timestamp, on_delivery in waiting:
            if self.error is None:
                self.sent.append((topic, value, key, timestamp))
            on_delivery(self.error, None)
        if not waiting:
            time.sleep(min(timeout, 0.005))
        return len(waiting)

    def purge(self):
        self._waiting.clear()

    def snapshots(self):
        return [wire.decode(value) for _, value, _, _ in self.sent]
