"""Recipes of digests: each by hand from its definition."""

import hashlib
import json

import numpy as np
import pytest

from spectrawatch_tap import digest


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def write(folder, name, content):
    (folder / name).write_text(content)
    return folder / name


def test_one_file(tmp_path):
    assert digest.of_file(write(tmp_path, "model.onnx", "weights")) == sha("weights")
    assert digest.of_folder(tmp_path) == sha("weights")


@pytest.mark.parametrize("name", ["model.pt", "model.pth", "pytorch_model.bin"])
def test_files_that_torch_saves(tmp_path, name):
    write(tmp_path, name, "weights")
    write(tmp_path, "graph.onnx", "the same for another engine")
    assert digest.of_folder(tmp_path) == sha("weights")


def test_shards_in_the_order_of_their_names(tmp_path):
    index = json.dumps({"weight_map": {"x": "model-2.safetensors", "y": "model-1.safetensors"}})
    write(tmp_path, "model.safetensors.index.json", index)
    write(tmp_path, "model-1.safetensors", "one")
    write(tmp_path, "model-2.safetensors", "two")
    write(tmp_path, "other.safetensors", "not named by the index")

    assert digest.of_path(tmp_path) == sha(
        "spectrawatch-files-1\n"
        f"{sha('one')}  model-1.safetensors\n"
        f"{sha('two')}  model-2.safetensors\n"
        f"{sha(index)}  model.safetensors.index.json\n"
    )


def test_adapters_in_the_order_in_which_they_apply():
    base, x, y = sha("b"), sha("x"), sha("y")

    assert digest.with_adapters(base, []) == base
    assert digest.with_adapters(base, [x, y]) == sha(f"spectrawatch-adapters-1\n{base}\n{x}\n{y}\n")
    assert digest.with_adapters(base, [y, x]) != digest.with_adapters(base, [x, y])


def test_quantised():
    expected = sha(f'spectrawatch-quantised-1\n{sha("b")}\n{{"bits": 4, "group": 128}}\n')

    assert digest.quantised(sha("b"), {"group": 128, "bits": 4}) == expected


def test_state_in_memory():
    state = {"b": np.zeros(2, np.float32), "a": np.ones((1, 2), np.float16)}
    expected = hashlib.sha256(
        b"spectrawatch-state-1\na\nfloat16\n1,2\n"
        + state["a"].tobytes()
        + b"b\nfloat32\n2\n"
        + state["b"].tobytes()
    ).hexdigest()

    assert digest.of_state(state) == expected
    assert digest.of_state({"b": state["b"], "a": state["a"] * 2}) != expected


def test_folders_without_weights(tmp_path):
    with pytest.raises(ValueError, match=r"\.safetensors.*\.pt.*of_state"):
        digest.of_folder(tmp_path)
    with pytest.raises(ValueError, match="different names"):
        digest.of_files([])
