"""hs-connectors: what its backend hands to ``vllm serve``. MODEL is a folder of weights."""

import argparse
import json
import os

from hs_connectors import HiddenStatesBackend

import spectrawatch_tap.hs_connectors  # noqa: F401 - registers the backend

backend = HiddenStatesBackend.registry["kafka"]
parser = argparse.ArgumentParser()
backend.add_launch_args(parser)
options = parser.parse_args(
    [
        f"--spectrawatch-kafka={os.environ.get('SPECTRAWATCH_KAFKA', 'localhost:9092')}",
        "--spectrawatch-model-id=my-model",
        "--spectrawatch-model-version=1",
        f"--spectrawatch-weights={os.environ['MODEL']}",
    ]
)
print("vllm serve --kv_transfer_config", json.dumps(backend.build_kv_transfer_config(options)))
