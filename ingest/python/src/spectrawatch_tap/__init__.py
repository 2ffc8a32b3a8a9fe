"""Publishes what the layers of a served model hold, for Spectrawatch to watch.

::

    publisher = Publisher("broker:9092", Model("my-model", "1", digest.of_file("model.pt")))
    tap = watch(model, publisher)

See README.md of the package.
"""

from __future__ import annotations

from . import digest
from .publisher import Model, Publisher, Stats
from .records import Layer, Phase, Request, Role, RowRange, SampleRows
from .watching import Tap, watch

__version__ = "0.1.0"

__all__ = [
    "Layer",
    "Model",
    "Phase",
    "Publisher",
    "Request",
    "Role",
    "RowRange",
    "SampleRows",
    "Stats",
    "Tap",
    "digest",
    "watch",
]
