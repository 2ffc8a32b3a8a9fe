"""vLLM itself, where it is installed: see requirements/vllm.txt."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from spectrawatch_tap.records import ElementType, Phase
from spectrawatch_tap.wire import decode

if importlib.util.find_spec("vllm") is None:
    pytest.skip("vllm is not installed", allow_module_level=True)

CHILD = Path(__file__).parent / "children" / "vllm_serving.py"
TOPIC = "spectrawatch.activations"
ROUNDING = 0.02
"""Of the largest number: what four blocks in bfloat16 differ from those in float32."""


def test_what_vllm_publishes_is_what_transformers_computes(tmp_path):
    import torch

    model = small_model(tmp_path)
    kafka, broker = mock_broker()
    told = serve(tmp_path, kafka)
    snapshots = received(kafka, len(told))
    assert broker is not None

    assert len(snapshots) == len(told)
    assert [s.sequence for s in snapshots] == list(range(len(told)))
    for snapshot in snapshots:
        (sample,) = snapshot.samples
        prompt, generated = sample.rows
        tokens = next(p + g for p, g in told if len(p) == prompt.rows)
        rows = prompt.rows + generated.rows
        assert (prompt.position, prompt.phase) == (0, Phase.PROMPT)
        assert (generated.position, generated.phase) == (prompt.rows, Phase.GENERATED)
        # The last token is returned, and need not have gone in.
        assert len(tokens) - 1 <= rows <= len(tokens)
        with torch.no_grad():
            states = model(torch.tensor([tokens[:rows]]), output_hidden_states=True).hidden_states
        assert [layer.name for layer in snapshot.layers] == ["layer.1", "layer.2", "layer.3"]
        for layer in snapshot.layers:
            assert layer.element_type == ElementType.BFLOAT16
            expected = states[int(layer.name[-1])][0].numpy()
            found = (layer.data.astype(np.uint16).astype(np.uint32) << 16).view(np.float32)
            assert np.abs(found - expected).max() < ROUNDING * np.abs(expected).max()


def small_model(folder):
    import torch
    from transformers import LlamaConfig, LlamaModel
    from transformers.models.llama import LlamaForCausalLM

    torch.manual_seed(3)
    config = LlamaConfig(
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=4,
        num_attention_heads=2,
        num_key_value_heads=2,
        vocab_size=512,
        max_position_embeddings=256,
        bos_token_id=0,
        eos_token_id=511,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(str(folder))
    return LlamaModel.from_pretrained(str(folder), dtype=torch.float32).eval()


def mock_broker():
    """The address of librdkafka's own broker, which ends with the producer beside it."""
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": "x", "test.mock.num.brokers": 1})
    found = next(iter(producer.list_topics().brokers.values()))
    return f"{found.host}:{found.port}", producer


def serve(folder, kafka):
    environ = {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1", "TOKENIZERS_PARALLELISM": "false"}
    command = [sys.executable, str(CHILD), str(folder), kafka]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=900)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return json.loads(ran.stdout.strip().splitlines()[-1])


def received(kafka, count):
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "t"})
    partitions = consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions
    consumer.assign([TopicPartition(TOPIC, p, 0) for p in partitions])
    found = []
    deadline = time.monotonic() + 30
    while len(found) < count and time.monotonic() < deadline:
        message = consumer.poll(1.0)
        if message is not None and message.error() is None:
            found.append(decode(message.value()))
    consumer.close()
    return found
