"""A server of sentence embeddings, tapped: all-MiniLM-L6-v2 in ONNX Runtime.

    SPECTRAWATCH_KAFKA=localhost:9092 SPECTRAWATCH_MODEL=model.onnx \
        SPECTRAWATCH_TOKENIZER=tokenizer.json uvicorn --app-dir ops/examples/python server:app

POST /embed takes a text and answers {"embedding": [384 numbers], "places": [[from, to], ...]},
where each of its tokens stands in it. The request id is the trace id of the header traceparent.
"""

import asyncio
import contextlib
import os
from functools import partial

from embedder import Embedder
from fastapi import FastAPI, Request

import spectrawatch_tap as tap
from spectrawatch_tap.onnx import TappedSession

MODEL = os.environ["SPECTRAWATCH_MODEL"]
LAYERS = {
    "/embeddings/LayerNorm/Add_1_output_0": tap.Role.EMBEDDING,
    "/encoder/layer.1/output/LayerNorm/Add_1_output_0": tap.Role.HIDDEN,
    "/encoder/layer.3/output/LayerNorm/Add_1_output_0": tap.Role.HIDDEN,
    "last_hidden_state": tap.Role.HIDDEN,
}

identity = tap.Model("all-MiniLM-L6-v2", "1", tap.digest.of_file(MODEL))
publisher = tap.Publisher(os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092"), identity)
session = partial(TappedSession, publisher=publisher, tensors=list(LAYERS), roles=LAYERS)
embedder = Embedder(MODEL, os.environ["SPECTRAWATCH_TOKENIZER"], session)


@contextlib.asynccontextmanager
async def lifespan(_app):
    yield
    publisher.close()


app = FastAPI(lifespan=lifespan)


@app.post("/embed")
async def embed(request: Request):
    text = (await request.body()).decode()
    asked = tap.Request.of_trace(
        request.headers.get("traceparent"),
        client=request.headers.get("x-client"),
        attributes={"route": "/embed"},
    )
    run = partial(embedder.embed, [text], requests=[asked])
    (row,) = await asyncio.get_running_loop().run_in_executor(None, run)
    return {"request": asked.id, "embedding": row.tolist(), "places": embedder.places(text)}


@app.get("/stats")
def stats():
    return publisher.stats()
