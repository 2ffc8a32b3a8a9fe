"""A publisher from the settings that an engine hands to a plug-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import digest
from .publisher import Model, Publisher

_KNOWN = ("kafka", "model", "version", "digest", "weights", "sampling", "topic_prefix", "max_bytes")


def publisher_of(settings: Mapping[str, Any], also: tuple[str, ...] = (), **more: Any) -> Publisher:
    """Opens a publisher.

    ``kafka`` is bootstrap servers or options of Kafka, ``model`` and ``version`` name the model;
    its digest is ``digest`` or that of the file or folder ``weights``.

    Raises ValueError naming what is missing or not known.
    """
    for name in settings:
        if name not in (*_KNOWN, *also):
            raise ValueError(f"unknown setting '{name}'; known are {', '.join((*_KNOWN, *also))}")
    for name in ("kafka", "model", "version"):
        if name not in settings:
            raise ValueError(f"setting '{name}' is missing")
    if ("digest" in settings) == ("weights" in settings):
        raise ValueError("give one of 'digest' and 'weights', the folder that the engine serves")
    of_weights = settings.get("digest") or digest.of_path(settings["weights"])
    options = {n: settings[n] for n in ("sampling", "topic_prefix", "max_bytes") if n in settings}
    model = Model(str(settings["model"]), str(settings["version"]), of_weights)
    return Publisher(settings["kafka"], model, **options, **more)
