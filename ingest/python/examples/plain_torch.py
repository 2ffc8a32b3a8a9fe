"""A PyTorch model of your own."""

import os

import torch
from torch import nn

from spectrawatch_tap import Model, Publisher, Request, digest, watch

model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4))
model.eval()

kafka = os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092")
with Publisher(kafka, Model("plain", "1", digest.of_state(model.state_dict()))) as publisher:
    tap = watch(model, publisher)
    for i in range(100):
        with torch.no_grad(), tap.requests(Request(f"request-{i}", client="example")):
            model(torch.rand(1, 16))
print(publisher.stats())
