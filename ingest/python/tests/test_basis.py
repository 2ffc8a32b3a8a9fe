"""Inputs as coordinates in a basis."""

import golden
import numpy as np
import pytest
from test_publisher import publisher

from spectrawatch_tap import Layer, Request, Role
from spectrawatch_tap.basis import InputBasis
from spectrawatch_tap.wire import decode

BASIS = InputBasis(golden.GOLDEN / "basis-1.bin")


def test_coordinates_are_those_that_java_makes():
    kept = (golden.GOLDEN / "basis-1.txt").read_text("ascii").splitlines()
    rows = np.array([line.split() for line in kept], np.float64)

    found = BASIS.coordinates(rows[:, :6].astype(np.float32))

    far = np.sqrt((rows[:, :6] ** 2).sum(1, keepdims=True)) + 10
    assert (abs(found - rows[:, 6:]) <= 1e-6 * far).all()
    # Inside and outside make up the whole distance from the mean.
    mean = np.frombuffer(golden.basis_bytes(), "<f4", offset=16)[:6]
    whole = ((rows[:, :6] - mean) ** 2).sum(1)
    assert np.allclose((found.astype(np.float64) ** 2).sum(1), whole, rtol=1e-5)


def test_what_is_no_basis_is_refused():
    data = golden.basis_bytes()
    with pytest.raises(ValueError, match="not a basis of inputs"):
        InputBasis(b"SWIX" + data[4:])
    with pytest.raises(ValueError, match="known version 1, found 2"):
        InputBasis(data[:4] + b"\2" + data[5:])
    with pytest.raises(ValueError, match="expected, found"):
        InputBasis(data + b"\0")
    with pytest.raises(ValueError, match="length 1"):
        InputBasis(data[:-24] + b"\0" * 24)
    with pytest.raises(ValueError, match="basis of 6 columns, found rows of"):
        BASIS.coordinates(np.zeros((2, 5), np.float32))


def test_a_layer_with_a_basis_is_sent_in_it():
    p = publisher(bases={"pixels": golden.GOLDEN / "basis-1.bin"})
    rows = np.arange(12, dtype=np.float32).reshape(2, 6)

    p.publish([Request("a"), Request("b")], [Layer("pixels", rows, 0), Layer("h", rows, 1)])
    p.close()

    pixels, other = decode(p.fake.sent[0][1]).layers
    assert pixels.role == Role.INPUT
    assert pixels.tap == BASIS.tap
    assert pixels.tap.startswith("basis-1:")
    assert (pixels.data == BASIS.coordinates(rows)).all()
    assert (other.data == rows).all()
    assert other.tap is None


def test_bfloat16_is_read_as_numbers():
    rows = np.array([[1, -2, 0.5, 4, 0, 8]], np.float32)
    bits = (rows.view(np.int32) >> 16).astype(np.int16)

    found = BASIS.layer(Layer("pixels", bits, 0)).data

    assert (found == BASIS.coordinates(rows)).all()
