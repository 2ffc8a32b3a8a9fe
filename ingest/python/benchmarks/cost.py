"""What the tap costs: ratios, because machines differ and are shared.

    OMP_NUM_THREADS=1 PYTHONPATH=src python benchmarks/cost.py [--rounds 8]

A broker in a process of its own, the mock of librdkafka, takes what is sent. All variants take
turns, so that what else the machine does hits all of them alike.
"""

import argparse
import subprocess
import sys
import time

import numpy as np
from confluent_kafka import Producer

from spectrawatch_tap import Layer, Model, Publisher, Request, watch, wire

IDENTITY = Model("bench", "1", "0a" * 32)


def mock_broker():
    """Runs until its standard input ends; prints its address."""
    broker = Producer({"bootstrap.servers": "x", "test.mock.num.brokers": 1})
    found = next(iter(broker.list_topics().brokers.values()))
    print(f"{found.host}:{found.port}", flush=True)
    sys.stdin.read()


def ready_made(kafka, records):
    """Seconds of processor time to send bytes with confluent-kafka alone."""
    options = {"bootstrap.servers": kafka, "acks": "all", "enable.idempotence": True}
    options.update({"linger.ms": 5, "message.max.bytes": 9_000_000})
    producer = Producer(options)
    producer.list_topics("spectrawatch.activations")
    began = time.process_time()
    for record in records:
        while True:
            try:
                producer.produce("spectrawatch.activations", record, b"key")
                break
            except BufferError:
                producer.poll(0.01)
        producer.poll(0)
    producer.flush()
    return time.process_time() - began


def published(kafka, arrays):
    """Seconds of processor time to send as many rows with a publisher."""
    publisher = Publisher(kafka, IDENTITY, max_bytes=64 << 20)
    request = [Request("warm")]
    publisher.publish(request, [Layer("h", arrays[0], 0, counts=[len(arrays[0])])])
    publisher.flush()
    began = time.process_time()
    for i, array in enumerate(arrays):
        layers = [Layer("h", array, 0, counts=[len(array)])]
        while not publisher.publish([Request(f"r{i}")], layers):
            time.sleep(0.002)
    publisher.flush(60)
    seconds = time.process_time() - began
    publisher.close()
    return seconds


def throughput(kafka, rounds):
    """MB per second of processor time, publisher over confluent-kafka with ready-made bytes."""
    for kib in (64, 1024):
        count = 256 * 1024 // kib // 2
        arrays = [np.random.rand(kib // 4, 256).astype(np.float32) for _ in range(8)]
        record = wire.LayerRecord("h", 0, 1, 0, arrays[0], [len(arrays[0])])
        fields = ("m", "1", "0a" * 32, "c", 0, 0)
        encoded = wire.encode(wire.Snapshot(*fields, [wire.Sample("r")], [record]))
        ours, theirs = [], []
        for _ in range(rounds):
            theirs.append(ready_made(kafka, [encoded] * count))
            ours.append(published(kafka, [arrays[i % 8] for i in range(count)]))
        mb = count * kib / 1024
        ratio = float(np.median(np.array(theirs) / np.array(ours)))
        print(
            f"records of {kib} KiB: confluent-kafka {mb / np.median(theirs):.0f} MB/s of one core,"
            f" publisher {mb / np.median(ours):.0f} MB/s, ratio {ratio:.2f}"
        )


def serving(kafka, rounds):
    """Latency and throughput of a transformer on the processor, by share of the requests."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    block = nn.TransformerEncoderLayer(256, 4, 1024, batch_first=True)
    model = nn.Sequential(nn.Linear(256, 256), nn.TransformerEncoder(block, 6)).eval()
    x = torch.rand(1, 128, 256)
    variants = {"none": None}
    for share in (1.0, 0.1, 0.01):
        variants[f"{share:.0%}"] = Publisher(kafka, IDENTITY, sampling=share)
    seconds = {name: [] for name in variants}
    i = 0
    for turn in range(rounds * 5):
        for name, publisher in variants.items():
            tap = None if publisher is None else watch(model, publisher)
            for k in range(20 + 1):
                i += 1
                began = time.perf_counter()
                with torch.no_grad():
                    if tap is None:
                        model(x)
                    else:
                        with tap.requests(f"{turn}-{i}"):
                            model(x)
                if k:
                    seconds[name].append(time.perf_counter() - began)
            if tap is not None:
                tap.remove()
                publisher.flush()
    base = np.array(seconds["none"])
    print(f"transformer of 6 blocks, 128 tokens, width 256: {np.median(base) * 1e3:.1f} ms a pass")
    for name, publisher in variants.items():
        if publisher is None:
            continue
        own = np.array(seconds[name])
        publisher.close()
        print(
            f"  {name:>4} of the requests: throughput {base.sum() / own.sum() - 1:+.1%},"
            f" median {np.median(own) / np.median(base) - 1:+.1%},"
            f" p99 {np.quantile(own, 0.99) / np.quantile(base, 0.99) - 1:+.1%},"
            f" sent {publisher.stats().published}, dropped {publisher.stats().dropped}"
        )


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--rounds", type=int, default=8)
    arguments.add_argument("--mock-broker", action="store_true")
    options = arguments.parse_args()
    if options.mock_broker:
        mock_broker()
        return
    command = [sys.executable, __file__, "--mock-broker"]
    broker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    kafka = broker.stdout.readline().strip()
    try:
        throughput(kafka, options.rounds)
        serving(kafka, options.rounds)
    finally:
        broker.stdin.close()
        broker.wait(10)


if __name__ == "__main__":
    main()
