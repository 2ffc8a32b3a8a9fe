"""Inputs as coordinates in a frozen basis of trusted inputs, instead of their values.

``spectrawatch basis`` makes the file; Java's ``InputBasis`` draws its layout and comes to the same
numbers but for the order of sums, that is to 1e-6 of an input's distance from the mean.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from .records import Array, ElementType, Layer, Role

FORMAT = "basis-1:"

_MAGIC = b"SWIB"
_VERSION = 1
_DIGEST_DIGITS = 16
_LENGTH_TOLERANCE = 1e-3


class InputBasis:
    """k directions about a mean, read from a file or from bytes."""

    def __init__(self, source: str | Path | bytes) -> None:
        """Raises ValueError if the bytes are no basis, or of an unknown version."""
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        if data[:4] != _MAGIC or len(data) < 16:
            raise ValueError(f"not a basis of inputs ({len(data)} bytes)")
        version, columns, rank = struct.unpack_from("<iii", data, 4)
        if version != _VERSION:
            raise ValueError(f"basis of inputs: known version {_VERSION}, found {version}")
        size = 16 + 4 * (rank + 1) * columns
        if not 1 <= rank <= columns or len(data) != size:
            raise ValueError(
                f"basis of inputs: {rank} directions of {columns} columns in {size} bytes expected,"
                f" found {len(data)}"
            )
        values = np.frombuffer(data, "<f4", offset=16).reshape(rank + 1, columns)
        self._mean = values[0].astype(np.float64)
        self._directions = values[1:].astype(np.float64)
        lengths = (self._directions**2).sum(1)
        if not np.isfinite(values).all() or (abs(lengths - 1) >= _LENGTH_TOLERANCE).any():
            raise ValueError("basis of inputs: finite numbers, directions of length 1 expected")
        self.tap = FORMAT + sha256(data).hexdigest()[:_DIGEST_DIGITS]
        """What layers that are published in this basis say they are."""

    def coordinates(self, rows: Array) -> Array:
        """[rows, columns] as float32 [rows, k + 1]: coordinates, and the distance from them.

        Raises ValueError if the rows have other columns.
        """
        if rows.ndim != 2 or rows.shape[1] != len(self._mean):
            raise ValueError(
                f"basis of {len(self._mean)} columns, found rows of {list(rows.shape)[1:]}"
            )
        centred = rows.astype(np.float64) - self._mean
        inside = centred @ self._directions.T
        outside = np.sqrt(((centred - inside @ self._directions) ** 2).sum(1))
        return np.column_stack([inside, outside]).astype(np.float32)

    def layer(self, layer: Layer) -> Layer:
        """A layer in this basis."""
        rows = layer.data
        if layer.element_type == ElementType.BFLOAT16:
            rows = (rows.astype(np.int32) << 16).view(np.float32)
        return replace(layer, data=self.coordinates(rows), role=Role.INPUT, tap=self.tap)
