"""A language model of transformers that generates; its weights are random."""

import os

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from spectrawatch_tap import Model, Publisher, Request, digest, huggingface

config = GPT2Config(n_layer=4, n_head=2, n_embd=32, vocab_size=100, pad_token_id=0, eos_token_id=1)
model = GPT2LMHeadModel(config).eval()

kafka = os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092")
with Publisher(kafka, Model("tiny-gpt", "1", digest.of_state(model.state_dict()))) as publisher:
    tap = huggingface.watch(model, publisher)
    for turn in range(3):
        prompt = torch.randint(2, 100, (1, 12))
        with torch.no_grad(), tap.requests(Request(f"chat-7.{turn}", session="chat-7")):
            model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=20)
print(publisher.stats())
