"""A server of the digits in ../mnist, tapped: the network of train.py with the weights of its file.

    SPECTRAWATCH_KAFKA=localhost:9092 uvicorn --app-dir ops/examples/python server:app

POST /digits takes 784 bytes, the pixels of a digit, and answers {"digit": n}. The request id is
the trace id of the header traceparent.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import onnx
import torch
from fastapi import FastAPI, HTTPException, Request
from onnx import numpy_helper

import spectrawatch_tap as tap

MNIST = Path(__file__).resolve().parents[1] / "mnist"
sys.path.insert(0, str(MNIST))
from train import Model  # noqa: E402

PIXELS = 28 * 28


def network():
    """The network with its weights."""
    loaded = onnx.load(str(MNIST / "mnist.onnx"))
    weights = {w.name: torch.tensor(numpy_helper.to_array(w)) for w in loaded.graph.initializer}
    model = Model().eval()
    model.load_state_dict(weights)
    return model


model = network()
identity = tap.Model("digits", "1", tap.digest.of_file(MNIST / "mnist.onnx"))
publisher = tap.Publisher(os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092"), identity)
# Where in the picture something is odd would be lost in the means of the maps.
layers = ["block0", "block1", "embedding", "head"]
watched = tap.watch(model, publisher, layers, maps="flatten")


@contextlib.asynccontextmanager
async def lifespan(_app):
    yield
    publisher.close()


app = FastAPI(lifespan=lifespan)


def answer(pixels, request):
    """One forward pass, on a thread of the pool."""
    x = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).float().view(1, 1, 28, 28)
    with torch.no_grad(), watched.requests(request):
        return int(model(x)[0].argmax())


@app.post("/digits")
async def digits(request: Request):
    pixels = await request.body()
    if len(pixels) != PIXELS:
        raise HTTPException(422, f"{PIXELS} bytes expected, found {len(pixels)}")
    asked = tap.Request.of_trace(
        request.headers.get("traceparent"),
        client=request.headers.get("x-client"),
        attributes={"route": "/digits"},
    )
    digit = await asyncio.get_running_loop().run_in_executor(None, answer, pixels, asked)
    return {"digit": digit, "request": asked.id}


@app.get("/stats")
def stats():
    return publisher.stats()
