"""Counts of a publisher for Prometheus; needs the package prometheus-client."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from .publisher import Publisher

_HELP = {
    "published": "Snapshots that the broker took.",
    "published_bytes": "Bytes of the snapshots that the broker took.",
    "dropped": "Snapshots for which there was no room.",
    "failed": "Snapshots that the broker did not take.",
    "invalid": "Batches of rows that no snapshot could hold.",
    "mended": "Requests that lost a field that ingest would refuse.",
    "sampled_out": "Requests that were not to be captured.",
}


def register(publisher: Publisher, registry: Any = None) -> None:
    """Adds counters ``spectrawatch_tap_*_total`` and gauges of what waits to a registry."""
    from prometheus_client import REGISTRY

    (registry or REGISTRY).register(_Collector(publisher))


class _Collector:
    """Reads the counts whenever it is asked."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        stats = dataclasses.asdict(self._publisher.stats())
        labels = {"model": self._publisher.model.id, "version": self._publisher.model.version}
        for name, text in _HELP.items():
            counter = CounterMetricFamily(f"spectrawatch_tap_{name}", text, labels=list(labels))
            counter.add_metric(list(labels.values()), stats[name])
            yield counter
        gauge = GaugeMetricFamily(
            "spectrawatch_tap_queued_bytes", "Bytes that wait.", labels=list(labels)
        )
        gauge.add_metric(list(labels.values()), stats["queued_bytes"])
        yield gauge
