"""A batch-normalised convolutional network and a small vision transformer on Fashion-MNIST."""

import gzip
import math
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

TRAINING = 30000  # images that a model is trained on; nothing else ever sees them


class Cnn(nn.Module):
    """Pixels 0..255 in, logits and three inner tensors out."""

    layers = ["block0", "block1", "embedding"]

    def __init__(self):
        super().__init__()
        self.block0 = nn.Sequential(*self.step(1, 16, 2))
        self.block1 = nn.Sequential(*self.step(16, 32, 1), *self.step(32, 32, 2))
        self.block2 = nn.Sequential(*self.step(32, 64, 1))
        self.head = nn.Linear(64, 10)

    @staticmethod
    def step(before, after, stride):
        convolution = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        return convolution, nn.BatchNorm2d(after), nn.ReLU()

    def forward(self, pixels):
        block0 = self.block0(pixels / 127.5 - 1)
        block1 = self.block1(block0)
        embedding = self.block2(block1).mean((2, 3))
        return self.head(embedding), block0, block1, embedding


class Attention(nn.Module):
    """A transformer block with the normalisation in front."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.queries = nn.Linear(width, 3 * width)
        self.joined = nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        tokens, width = x.shape[1], x.shape[2]
        parts = self.queries(self.first(x)).view(-1, tokens, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        weights = F.softmax(q @ k.transpose(-2, -1) / math.sqrt(width // self.heads), dim=-1)
        x = x + self.joined((weights @ v).transpose(1, 2).reshape(-1, tokens, width))
        return x + self.narrow(F.relu(self.wide(self.second(x))))


class Vit(nn.Module):
    """Pixels 0..255 in; 49 patches of 4 x 4; logits and three inner tensors out."""

    layers = ["block0", "block1", "embedding"]

    def __init__(self, width=32, heads=4):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 4, stride=4)
        self.places = nn.Parameter(0.02 * torch.randn(1, 49, width))
        self.block0, self.block1 = (Attention(width, heads) for _ in range(2))
        self.last = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, pixels):
        x = self.patches(pixels / 127.5 - 1).flatten(2).transpose(1, 2) + self.places
        block0 = self.block0(x)
        block1 = self.block1(block0)
        embedding = self.last(block1).mean(1)
        return self.head(embedding), block0, block1, embedding


class Mlp(nn.Module):
    """Pixels 0..255 in, logits and two inner tensors out."""

    layers = ["hidden0", "embedding"]

    def __init__(self):
        super().__init__()
        self.hidden0 = nn.Linear(784, 128)
        self.hidden1 = nn.Linear(128, 64)
        self.head = nn.Linear(64, 10)

    def forward(self, pixels):
        hidden0 = F.relu(self.hidden0(pixels.flatten(1) / 127.5 - 1))
        embedding = F.relu(self.hidden1(hidden0))
        return self.head(embedding), hidden0, embedding


MODELS = {"cnn": Cnn, "vit": Vit, "mlp": Mlp}


def read_idx(folder, name):
    with gzip.open(os.path.join(folder, name + ".gz"), "rb") as file:
        raw = file.read()
    shape = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def read_all(folder):
    """All 70,000 images and their classes, the test images last."""
    sets = ["train", "t10k"]
    images = np.concatenate([read_idx(folder, s + "-images-idx3-ubyte") for s in sets])
    labels = np.concatenate([read_idx(folder, s + "-labels-idx1-ubyte") for s in sets])
    return images, labels.astype(np.int64)


def pixels_of(images):
    return torch.tensor(images).float().unsqueeze(1)


def logits_of(model, x):
    with torch.no_grad():
        return torch.cat([model(x[i : i + 500])[0] for i in range(0, len(x), 500)])


def train(model, images, labels, epochs):
    x, y = pixels_of(images), torch.tensor(labels)
    steps = epochs * (len(x) // 128)
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(len(x) // 128):
            rows = order[i * 128 : i * 128 + 128]
            loss = F.cross_entropy(model(x[rows])[0], y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(f"trained on {len(x)}, last loss {loss.item():.3f}", flush=True)
    model.eval()
    return model


def export(model, path):
    names = ["logits", *model.layers]
    torch.onnx.export(
        model,
        torch.zeros(2, 1, 28, 28),
        path,
        input_names=["pixels"],
        output_names=names,
        dynamic_axes={n: {0: "n"} for n in ["pixels", *names]},
        opset_version=13,
    )
