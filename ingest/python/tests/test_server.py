"""The example server of digits."""

import sys
from pathlib import Path

import pytest
from fake_kafka import FakeProducer

from spectrawatch_tap import publisher

for name in ("torch", "onnx", "fastapi", "httpx"):
    pytest.importorskip(name, reason=f"{name} is not installed")

EXAMPLE = Path(__file__).resolve().parents[3] / "ops" / "examples" / "python"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_digit_is_answered_and_published_under_its_trace(monkeypatch):
    import numpy as np
    from fastapi.testclient import TestClient

    fake = FakeProducer()
    monkeypatch.setattr(publisher, "_confluent", lambda options: fake)
    monkeypatch.syspath_prepend(str(EXAMPLE))
    import server

    images = np.load(EXAMPLE.parent / "mnist" / "clean.npz")["images"]
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-client": "alice"}
    with TestClient(server.app) as client:
        answered = client.post("/digits", content=images[0].tobytes(), headers=headers)
        refused = client.post("/digits", content=b"123")
    del sys.modules["server"]

    (snapshot,) = fake.snapshots()
    (sample,) = snapshot.samples
    assert answered.json()["request"] == sample.id == sample.trace_id == TRACE
    assert (sample.client, sample.attributes) == ("alice", {"route": "/digits"})
    assert [(x.name, x.data.shape) for x in snapshot.layers] == [
        ("block0", (1, 3136)),
        ("block1", (1, 1568)),
        ("embedding", (1, 64)),
        ("head", (1, 10)),
    ]
    assert answered.json()["digit"] == int(snapshot.layers[3].data.argmax())
    assert refused.status_code == 422
