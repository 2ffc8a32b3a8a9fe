"""The example server of sentence embeddings, with a model of its inputs, outputs and names."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fake_kafka import FakeProducer

from spectrawatch_tap import publisher

for name in ("onnxruntime", "onnx", "fastapi", "httpx", "tokenizers"):
    pytest.importorskip(name, reason=f"{name} is not installed")

EXAMPLE = Path(__file__).resolve().parents[3] / "ops" / "examples" / "python"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "dog", "that", "barks"]
COLUMNS = 8


def test_a_text_is_answered_and_its_tokens_are_published_under_its_trace(monkeypatch, tmp_path):
    from fastapi.testclient import TestClient

    fake = FakeProducer()
    monkeypatch.setattr(publisher, "_confluent", lambda options: fake)
    monkeypatch.syspath_prepend(str(EXAMPLE))
    monkeypatch.setenv("SPECTRAWATCH_MODEL", str(small_model(tmp_path / "model.onnx")))
    monkeypatch.setenv("SPECTRAWATCH_TOKENIZER", str(small_tokenizer(tmp_path / "tokenizer.json")))
    import server

    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-client": "alice"}
    with TestClient(server.app) as client:
        answered = client.post("/embed", content="a dog that barks", headers=headers).json()
    del sys.modules["server"], sys.modules["embedder"]

    (snapshot,) = fake.snapshots()
    (sample,) = snapshot.samples
    assert answered["request"] == sample.id == sample.trace_id == TRACE
    assert (sample.client, sample.attributes) == ("alice", {"route": "/embed"})
    assert [(r.position, r.rows) for r in sample.rows] == [(0, 6)]
    assert answered["places"] == [[0, 0], [0, 1], [2, 5], [6, 10], [11, 16], [0, 0]]
    assert [layer.data.shape for layer in snapshot.layers] == [(6, COLUMNS)] * 4
    mean = snapshot.layers[3].data.mean(0)
    assert np.allclose(answered["embedding"], mean / np.linalg.norm(mean), atol=1e-6)


def small_tokenizer(file):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(file))
    return file


def small_model(file):
    """A table of rows, and the names of tensors that the server taps."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    table = np.random.default_rng(1).standard_normal((len(WORDS), COLUMNS), np.float32)
    names = ["/embeddings/LayerNorm/Add_1_output_0"]
    names += [f"/encoder/layer.{i}/output/LayerNorm/Add_1_output_0" for i in (1, 3)]
    names.append("last_hidden_state")
    nodes = [helper.make_node("Gather", ["table", "input_ids"], names[:1])]
    for before, after in pairwise(names):
        nodes.append(helper.make_node("Tanh", [before], [after]))
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    shape = ["batch", "tokens"]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [helper.make_tensor_value_info(names[3], TensorProto.FLOAT, [*shape, COLUMNS])],
        [numpy_helper.from_array(table, "table")],
    )
    opset = helper.make_opsetid("", 13)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=8), str(file))
    return file
