"""Which modules of a PyTorch model are worth a look, and which of them are tapped."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .records import Role

if TYPE_CHECKING:
    from torch import nn

MOST_BLOCKS = 5
"""Blocks that are chosen of a long chain: the first, the last, and some between."""

WIDEST_LOGITS = 4096
"""Wider outputs, such as a vocabulary, are not chosen by themselves."""

MOST_TAP = 64
"""Characters of what says what is tapped."""


@dataclass(frozen=True)
class Candidate:
    """A module that can be tapped; ``index`` is its place among all candidates."""

    name: str
    module: Any
    index: int
    role: Role
    columns: int | None
    chosen: bool = False

    @property
    def tap(self) -> str:
        """What is tapped, in words that stay the same for a model version."""
        return f"output of {type(self.module).__name__}"[:MOST_TAP]


def candidates(model: nn.Module) -> list[Candidate]:
    """The modules of a model in the order in which they are defined, with those that ``auto``
    takes: the embedding, every n-th block of the longest chain, and an output that is not wide."""
    from torch import nn

    blocks = _chain(model)
    named = [(name, module) for name, module in model.named_modules() if name]
    weighted = [
        (name, module)
        for name, module in named
        if (_is_layer(module) and not _within(name, blocks)) or name in blocks
    ]
    embedding = next((n for n, m in weighted if isinstance(m, nn.Embedding)), None)
    wrapped = _output_of_embeddings(model, embedding)
    if wrapped is not None:
        place = [n for n, _ in weighted].index(embedding or "")
        weighted.insert(place, wrapped)
        embedding = wrapped[0]
    logits = weighted[-1][0] if weighted and isinstance(weighted[-1][1], nn.Linear) else None
    chain = [n for n in blocks if n != logits] or [
        n for n, _ in weighted if n not in (embedding, logits)
    ]
    chosen = set(_spread(chain))
    result = []
    for index, (name, module) in enumerate(weighted):
        columns = _columns(module)
        role, taken = Role.HIDDEN, name in chosen
        if name == embedding:
            role, taken = Role.EMBEDDING, True
        elif name == logits:
            role, taken = Role.LOGITS, (columns or 0) <= WIDEST_LOGITS
        result.append(Candidate(name, module, index, role, columns, taken))
    return result


def chosen(model: nn.Module, layers: str | Sequence[str]) -> list[Candidate]:
    """The modules that ``auto`` takes, or those whose names match; in their order.

    Raises ValueError naming a pattern that matches no module.
    """
    known = candidates(model)
    if layers == "auto":
        if taken := [c for c in known if c.chosen]:
            return taken
        raise ValueError("no layer to choose in this model; name modules: spectrawatch-tap list")
    patterns = [layers] if isinstance(layers, str) else list(layers)
    by_name = {c.name: c for c in known}
    named = [(name, module) for name, module in model.named_modules() if name]
    matched = []
    for place, (name, module) in enumerate(named):
        if any(_matches(name, pattern) for pattern in patterns):
            role = by_name[name].role if name in by_name else Role.HIDDEN
            matched.append(Candidate(name, module, place, role, _columns(module), True))
    for pattern in patterns:
        if not any(_matches(c.name, pattern) for c in matched):
            names = ", ".join(name for name, _ in named[:8])
            raise ValueError(f"no module matches '{pattern}'; modules are {names}, ...")
    return matched


def _matches(name: str, pattern: str) -> bool:
    """Whether a name matches a glob, in which ``*`` stands for characters other than a dot."""
    parts, globs = name.split("."), pattern.split(".")
    return len(parts) == len(globs) and all(map(fnmatch.fnmatchcase, parts, globs))


def _chain(model: nn.Module) -> list[str]:
    """The blocks of the longest list of like modules, and of lists that follow it alike."""
    from torch import nn

    best: list[str] = []
    for name, module in model.named_modules():
        if not isinstance(module, (nn.ModuleList, nn.Sequential)) or len(module) < 2:
            continue
        if len({type(child) for child in module}) == 1 and not _is_layer(module[0]):
            blocks = [f"{name}.{i}" if name else str(i) for i in range(len(module))]
            if len(blocks) > len(best):
                best = blocks
    return best


def _output_of_embeddings(model: nn.Module, embedding: str | None) -> tuple[str, Any] | None:
    """Where a module adds up several embeddings, that module."""
    from torch import nn

    if embedding is None or "." not in embedding:
        return None
    parent = embedding.rpartition(".")[0]
    module = model.get_submodule(parent)
    kinds = [m for m in module.modules() if next(m.parameters(recurse=False), None) is not None]
    several = sum(isinstance(m, nn.Embedding) for m in kinds) > 1
    plain = all(isinstance(m, (nn.Embedding, nn.LayerNorm)) for m in kinds)
    return (parent, module) if several and plain else None


def _is_layer(module: Any) -> bool:
    """Whether a module has weights that make new columns."""
    from torch import nn

    kinds = (nn.Linear, nn.Embedding, nn.Bilinear, nn.modules.conv._ConvNd, nn.RNNBase)
    # Linear layers of engines and of quantised models are classes of their own.
    return isinstance(module, kinds) or type(module).__name__.endswith(("Linear", "Conv1D"))


def _within(name: str, blocks: Sequence[str]) -> bool:
    return any(name.startswith(block + ".") for block in blocks)


def _columns(module: Any) -> int | None:
    for attribute in ("out_features", "out_channels", "embedding_dim", "hidden_size"):
        columns = getattr(module, attribute, None)
        if isinstance(columns, int):
            return columns
    return None


def _spread(names: Sequence[str]) -> list[str]:
    """The first, the last, and some at even distances between."""
    if len(names) <= MOST_BLOCKS:
        return list(names)
    last = len(names) - 1
    return [names[round(i * last / (MOST_BLOCKS - 1))] for i in range(MOST_BLOCKS)]
