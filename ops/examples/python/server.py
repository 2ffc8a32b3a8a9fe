"""A server that reads digits, tapped: the vision transformer of model.py in PyTorch.

    SPECTRAWATCH_KAFKA=localhost:9092 uvicorn --app-dir ops/examples/python server:app

POST /digits takes 784 bytes, the pixels of a digit, and answers {"digit": n}. The request id is
the trace id of the header traceparent.
"""

import asyncio
import contextlib
import os

import torch
from fastapi import FastAPI, HTTPException, Request
from model import SIDE, WEIGHTS, trained

import spectrawatch_tap as tap

model = trained()
identity = tap.Model("digits", "1", tap.digest.of_file(WEIGHTS))
publisher = tap.Publisher(os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092"), identity)
watched = tap.watch(model, publisher, ["squares", "blocks.*"])


@contextlib.asynccontextmanager
async def lifespan(_app):
    yield
    publisher.close()


app = FastAPI(lifespan=lifespan)


def answer(pixels, request):
    """One forward pass, on a thread of the pool."""
    x = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).float().view(1, 1, SIDE, SIDE)
    with torch.no_grad(), watched.requests(request):
        return int(model(x)[0].argmax())


@app.post("/digits")
async def digits(request: Request):
    pixels = await request.body()
    if len(pixels) != SIDE * SIDE:
        raise HTTPException(422, f"{SIDE * SIDE} bytes expected, found {len(pixels)}")
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
