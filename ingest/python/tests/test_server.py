"""The example server of digits."""

import sys
from pathlib import Path

import pytest
from fake_kafka import FakeProducer

from spectrawatch_tap import publisher

for name in ("torch", "fastapi", "httpx"):
    pytest.importorskip(name, reason=f"{name} is not installed")

EXAMPLE = Path(__file__).resolve().parents[3] / "ops" / "examples" / "python"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_digit_is_answered_and_its_tokens_are_published_under_its_trace(monkeypatch):
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
        head = server.model.head
    del sys.modules["server"], sys.modules["model"]

    (snapshot,) = fake.snapshots()
    (sample,) = snapshot.samples
    assert answered.json()["request"] == sample.id == sample.trace_id == TRACE
    assert (sample.client, sample.attributes) == ("alice", {"route": "/digits"})
    assert [(r.position, r.rows) for r in sample.rows] == [(0, 49)]
    assert [(x.name, x.data.shape) for x in snapshot.layers] == [
        ("squares", (49, 48)),
        ("blocks.0", (49, 48)),
        ("blocks.1", (49, 48)),
    ]
    mean = snapshot.layers[2].data.mean(0)
    logits = head.weight.detach().numpy() @ mean + head.bias.detach().numpy()
    assert answered.json()["digit"] == int(logits.argmax())
    assert refused.status_code == 422
