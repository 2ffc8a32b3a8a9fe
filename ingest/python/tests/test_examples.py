"""Every example runs where its engine is installed, and is short."""

import importlib.util
import runpy
from pathlib import Path

import pytest
from fake_kafka import FakeProducer

from spectrawatch_tap import publisher

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
MOST_LINES = 30
ENGINES = {
    "plain_torch.py": ["torch"],
    "huggingface_generate.py": ["torch", "transformers"],
    "onnx_runtime.py": ["onnx", "onnxruntime"],
    "sglang_engine.py": ["sglang"],
    "vllm_engine.py": ["vllm"],
    "hs_connectors_launch.py": ["hs_connectors"],
}


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(ENGINES)


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_an_example_is_short(name):
    assert len((EXAMPLES / name).read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_an_example_runs(name, monkeypatch, tmp_path):
    for engine in ENGINES[name]:
        if importlib.util.find_spec(engine) is None:
            pytest.skip(f"{engine} is not installed")
    if name in ("sglang_engine.py", "vllm_engine.py"):
        pytest.skip("an engine and its weights are started by hand")
    fakes = []

    def new(options):
        fakes.append(FakeProducer(options))
        return fakes[-1]

    monkeypatch.setattr(publisher, "_confluent", new)
    monkeypatch.setenv("MODEL", str(tmp_path))
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")

    if name != "hs_connectors_launch.py":
        assert sum(len(fake.sent) for fake in fakes) > 0
