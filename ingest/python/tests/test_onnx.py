"""The network of digits under ONNX Runtime."""

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from spectrawatch_tap import RowRange  # noqa: E402
from spectrawatch_tap import onnx as tapped  # noqa: E402

MNIST = Path(__file__).resolve().parents[3] / "ops" / "examples" / "mnist"


def test_inner_tensors_are_published_and_not_returned(publishers):
    p = publishers()
    images = np.load(MNIST / "clean.npz")["images"][:3].astype(np.float32)[:, None]
    session = tapped.TappedSession(MNIST / "mnist.onnx", p, ["/embedding/Gemm_output_0", "block0"])
    plain = onnxruntime.InferenceSession(str(MNIST / "mnist.onnx"))
    (logits,) = session.run(["logits"], {"pixels": images}, requests=["a", "b", "c"])
    p.close()

    expected, block0, embedding = plain.run(["logits", "block0", "embedding"], {"pixels": images})
    assert np.array_equal(logits, expected)
    (snapshot,) = p.fake.snapshots()
    assert [s.id for s in snapshot.samples] == ["a", "b", "c"]
    assert np.allclose(np.maximum(snapshot.layers[0].data, 0), embedding, atol=1e-4)
    assert np.allclose(snapshot.layers[1].data, block0.mean((2, 3)))
    assert len(session.run(None, {"pixels": images})) == 4


def test_tokens_and_their_mask(publishers, tmp_path):
    tensor = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [
            onnx.helper.make_node("Relu", ["x"], ["states"]),
            onnx.helper.make_node("ReduceMean", ["states"], ["y"], axes=[1], keepdims=0),
        ],
        "g",
        [tensor("x", 1, ["n", "t", 2])],
        [tensor("y", 1, ["n", 2])],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, str(tmp_path / "m.onnx"))
    p = publishers()
    session = tapped.TappedSession(tmp_path / "m.onnx", p, ["states", "y"])
    x = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    mask = np.array([[1, 1, 1], [1, 0, 0]])
    session.run(None, {"x": x}, requests=["a", "b"], mask=mask)
    session.run(None, {"x": x})
    p.close()

    masked, whole = p.fake.snapshots()
    assert [s.rows for s in masked.samples] == [(RowRange(0, 3),), (RowRange(0, 1),)]
    assert masked.layers[0].data.tolist() == x[mask == 1].tolist()
    assert masked.layers[1].per_sample
    assert [s.rows for s in whole.samples] == [(RowRange(0, 3),)] * 2


def test_names_are_checked(publishers):
    with pytest.raises(ValueError, match="no tensor 'nothing'"):
        tapped.TappedSession(MNIST / "mnist.onnx", publishers(), ["nothing"])
