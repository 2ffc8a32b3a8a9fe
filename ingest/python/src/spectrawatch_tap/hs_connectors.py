"""hs-connectors: a backend ``kafka``, registered when this module is imported.

It launches vLLM with our connector. Hidden states go to Spectrawatch and not to a trainer, so
that there is nothing to read back.
"""

from __future__ import annotations

import argparse
from typing import Any

from hs_connectors import HiddenStatesBackend

_OPTIONS = {
    "kafka": "Bootstrap servers.",
    "model-id": "What the operators call the model.",
    "model-version": "Version of the model.",
    "weights": "File or folder of the weights, of which the digest is taken.",
    "sampling": "Share of the requests that are captured.",
}


@HiddenStatesBackend.register("kafka")
class KafkaBackend(HiddenStatesBackend):  # type: ignore[misc]
    """Publishes hidden states to Spectrawatch."""

    @staticmethod
    def add_launch_args(parser: argparse.ArgumentParser) -> None:
        """Options ``--spectrawatch-*``."""
        for name, text in _OPTIONS.items():
            parser.add_argument(
                f"--spectrawatch-{name}", help=text, required=name != "sampling", default=None
            )

    @staticmethod
    def add_train_args(parser: argparse.ArgumentParser) -> None:
        """Nothing is trained from here."""

    @staticmethod
    def from_train_args(args: argparse.Namespace, data_path: str) -> Any:
        """Raises ValueError: what is published here is watched, and not read back."""
        raise ValueError("the backend kafka publishes to Spectrawatch; train from another backend")

    @staticmethod
    def build_kv_transfer_config(args: argparse.Namespace) -> dict[str, Any]:
        """What ``vllm serve`` takes as ``--kv_transfer_config``."""
        extra: dict[str, Any] = {
            "kafka": args.spectrawatch_kafka,
            "model": args.spectrawatch_model_id,
            "version": args.spectrawatch_model_version,
            "weights": args.spectrawatch_weights,
        }
        if args.spectrawatch_sampling is not None:
            extra["sampling"] = float(args.spectrawatch_sampling)
        return {
            "kv_connector": "SpectrawatchConnector",
            "kv_role": "kv_producer",
            "kv_connector_module_path": "spectrawatch_tap.vllm",
            "kv_connector_extra_config": extra,
        }
