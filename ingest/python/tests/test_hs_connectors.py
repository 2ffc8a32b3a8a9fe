"""The backend for hs-connectors."""

import argparse

import pytest

hs_connectors = pytest.importorskip("hs_connectors", reason="hs-connectors is not installed")


def test_the_backend_names_our_connector():
    import spectrawatch_tap.hs_connectors  # noqa: F401

    backend = hs_connectors.HiddenStatesBackend.registry["kafka"]
    parser = argparse.ArgumentParser()
    backend.add_launch_args(parser)
    backend.add_train_args(parser)
    values = {"kafka": "b:9092", "model-id": "m", "model-version": "1", "weights": "/w"}
    named = [f"--spectrawatch-{name}={value}" for name, value in values.items()]
    options = parser.parse_args([*named, "--spectrawatch-sampling=0.1"])
    config = backend.build_kv_transfer_config(options)

    assert config["kv_connector_module_path"] == "spectrawatch_tap.vllm"
    assert config["kv_connector_extra_config"] == {
        "kafka": "b:9092", "model": "m", "version": "1", "weights": "/w", "sampling": 0.1,
    }  # fmt: skip
    with pytest.raises(ValueError, match="publishes to Spectrawatch"):
        backend.from_train_args(options, "")
