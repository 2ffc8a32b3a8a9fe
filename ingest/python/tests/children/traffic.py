"""Traffic that the end-to-end tests start as a process of its own.

    traffic.py SCENARIO BOOTSTRAP PREFIX FOLDER

Prints one JSON object when it ends.
"""

import dataclasses
import json
import os
import sys
import threading
import time
from pathlib import Path

import numpy as np

from spectrawatch_tap import Layer, Model, Publisher, Request, watch

# Records of 1 MB that wait at most, of the 64 that find room.
QUEUED = 16


def publisher(scenario, kafka, prefix, **options):
    model = Model(scenario, "1", "0a" * 32)
    return Publisher(kafka, model, topic_prefix=prefix, **options)


def rows(i, columns):
    return np.random.default_rng(i).standard_normal((1, columns), np.float32)


def torch_model(kafka, prefix, folder):
    """10,000 requests through a network; keeps what it returned beside what the tap saw."""
    import torch
    from torch import nn

    torch.manual_seed(5)
    net = nn.Sequential(nn.Linear(16, 24), nn.ReLU(), nn.Linear(24, 8)).eval()
    truth = []
    with publisher("torch", kafka, prefix) as p:
        tap = watch(net, p, ["0", "2"])
        for i in range(0, 10_000, 4):
            with torch.no_grad(), tap.requests(*(f"r{i + k}" for k in range(4))):
                truth.append(net(torch.randn(4, 16)).numpy())
    np.concatenate(truth).astype("<f4").tofile(folder / "torch.rows")
    return p.stats()


def threads(kafka, prefix, _folder):
    """Eight threads share a publisher."""

    def send(t):
        for i in range(250):
            p.publish([Request(f"{t}-{i}")], [Layer("h", rows(i, 32), 0)])

    with publisher("threads", kafka, prefix) as p:
        started = [threading.Thread(target=send, args=(t,)) for t in range(8)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
    return p.stats()


def fork(kafka, prefix, _folder):
    """A process that has sent forks twice; all three send on."""

    def send(who, count):
        for i in range(count):
            p.publish([Request(f"{who}-{i}")], [Layer("h", rows(i, 32), 0)])

    p = publisher("fork", kafka, prefix)
    send("parent", 50)
    children = []
    for c in range(2):
        child = os.fork()
        if child == 0:
            send(f"child-{c}", 50)
            p.close()
            os._exit(0 if p.stats().published == 50 else 1)
        children.append(child)
    send("parent-again", 50)
    p.close()
    ended = [os.waitpid(child, 0)[1] for child in children]
    assert ended == [0, 0], ended
    return p.stats()


def outage(kafka, prefix, folder):
    """A model that serves until a file says stop; the broker goes away meanwhile.

    Without PyTorch its rows are handed over by hand.
    """
    try:
        import torch
    except ImportError:
        torch = None
    seconds = {"there": [], "away": []}
    with publisher("outage", kafka, prefix, max_bytes=8 * 1024 * 1024) as p:
        if torch is None:
            ready = [rows(i, 8192) for i in range(64)]

            def serve(i):
                p.publish([Request(f"r{i}")], [Layer("h", ready[i % 64], 0)])

        else:
            model = torch.nn.Sequential(torch.nn.Linear(64, 8192)).eval()
            tap = watch(model, p, ["0"])
            x = torch.rand(1, 64)

            def serve(i):
                with torch.no_grad(), tap.requests(f"r{i}"):
                    model(x)

        i = 0
        while not (folder / "stop").exists():
            phase = "away" if (folder / "away").exists() else "there"
            began = time.perf_counter()
            serve(i)
            seconds[phase].append(time.perf_counter() - began)
            i += 1
            time.sleep(0.005)
        p.flush(30)
        # The last ones must not be among the dropped, or nobody would see that gap.
        serve(i)
    p99 = {f"p99_{k}_us": float(np.quantile(v, 0.99) * 1e6) for k, v in seconds.items()}
    return p.stats(), p99


def endless(kafka, prefix, _folder):
    """Large records until it is killed, no faster than they leave: none is dropped."""
    p = publisher("endless", kafka, prefix)
    i = 0
    while True:
        if p.stats().queued < QUEUED:
            p.publish([Request(f"r{i}")], [Layer("h", rows(i % 8, 250_000), 0)])
            i += 1
        time.sleep(0.002)


SCENARIOS = {
    "torch": torch_model,
    "threads": threads,
    "fork": fork,
    "outage": outage,
    "endless": endless,
}


def main():
    scenario, kafka, prefix, folder = sys.argv[1:]
    result = SCENARIOS[scenario](kafka, prefix, Path(folder))
    stats, more = result if isinstance(result, tuple) else (result, {})
    print(json.dumps({**dataclasses.asdict(stats), **more}), flush=True)


if __name__ == "__main__":
    main()
