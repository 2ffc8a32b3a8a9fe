"""A small vision transformer: a digit is 49 tokens, squares of 4 by 4 pixels, row by row."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

WEIGHTS = Path(__file__).with_name("weights.npz")
SIDE = 28
SQUARE = 4
TOKENS = (SIDE // SQUARE) ** 2
WIDTH = 48
BLOCKS = 2


class Squares(nn.Module):
    """What a token begins with: its pixels and its place."""

    def __init__(self):
        super().__init__()
        self.pixels = nn.Linear(SQUARE * SQUARE, WIDTH)
        self.places = nn.Parameter(torch.randn(TOKENS, WIDTH) * 0.1)

    def forward(self, x):
        tokens = nn.functional.unfold(x / 255, SQUARE, stride=SQUARE).transpose(1, 2)
        return self.pixels(tokens) + self.places


class Block(nn.Module):
    """Attention and a layer for each token, both added to what came in."""

    def __init__(self):
        super().__init__()
        self.before = nn.LayerNorm(WIDTH)
        self.attention = nn.MultiheadAttention(WIDTH, 4, batch_first=True)
        self.between = nn.LayerNorm(WIDTH)
        self.each = nn.Sequential(
            nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH)
        )

    def forward(self, x):
        seen = self.before(x)
        x = x + self.attention(seen, seen, seen, need_weights=False)[0]
        return x + self.each(self.between(x))


class Model(nn.Module):
    """Pixels [n, 1, 28, 28] of 0 to 255 in, logits [n, 10] out."""

    def __init__(self):
        super().__init__()
        self.squares = Squares()
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.head = nn.Linear(WIDTH, 10)

    def forward(self, x):
        x = self.squares(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(1))


def trained():
    """The model with the weights of the file."""
    model = Model().eval()
    with np.load(WEIGHTS) as file:
        model.load_state_dict({name: torch.tensor(file[name]) for name in file.files})
    return model
