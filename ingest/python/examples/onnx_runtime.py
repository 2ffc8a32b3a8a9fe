"""An ONNX model: the network of digits that ships with Spectrawatch."""

import os
from pathlib import Path

import numpy as np

from spectrawatch_tap import Model, Publisher, Role, digest
from spectrawatch_tap.onnx import TappedSession

mnist = Path(__file__).resolve().parents[3] / "ops" / "examples" / "mnist"
images = np.load(mnist / "clean.npz")["images"][:8].astype(np.float32)

kafka = os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092")
model = Model("digits", "1", digest.of_file(mnist / "mnist.onnx"))
with Publisher(kafka, model) as publisher:
    tensors = ["block0", "block1", "embedding", "logits"]
    roles = {"embedding": Role.EMBEDDING, "logits": Role.LOGITS}
    session = TappedSession(mnist / "mnist.onnx", publisher, tensors, roles)
    for i, image in enumerate(images):
        session.run(["logits"], {"pixels": image[None, None]}, requests=[f"digit-{i}"])
print(publisher.stats())
