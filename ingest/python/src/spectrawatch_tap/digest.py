"""What ``modelDigest`` is: 64 lower-case hexadecimal digits that stand for the weights served.

====================  ==============================================================
weights               digest
====================  ==============================================================
one file              SHA-256 of its bytes, as the capture of ONNX files has it
several files         SHA-256 of the text ``spectrawatch-files-1`` and, per file in the
                      byte order of their names, its SHA-256, two blanks, its name
base and adapters     SHA-256 of the text ``spectrawatch-adapters-1``, the base's digest,
                      and the adapters' digests in the order in which they apply
quantised at start    SHA-256 of the text ``spectrawatch-quantised-1``, the digest of what
                      was read, and the settings as JSON with sorted keys
parameters in memory  SHA-256 of the text ``spectrawatch-state-1`` and, per tensor in the
                      byte order of their names, name, type, shape and raw bytes
====================  ==============================================================

Each item of a text ends with a newline. Weights that are stored quantised are files as others are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20
_KINDS = (".safetensors", ".bin", ".pt", ".pth", ".onnx")


def of_file(path: str | Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def of_files(paths: Iterable[str | Path]) -> str:
    """The digest of weights that stand in several files; of a single one as of_file."""
    paths = list(paths)
    by_name = {Path(path).name: Path(path) for path in paths}
    if len(by_name) < len(paths) or not paths:
        raise ValueError(f"files of different names expected, found {[str(p) for p in paths]}")
    if len(paths) == 1:
        return of_file(paths[0])
    names = sorted(by_name, key=str.encode)
    return _of_text("files", *(f"{of_file(by_name[name])}  {name}" for name in names))


def of_folder(folder: str | Path) -> str:
    """The digest of a folder of weights, as a model hub lays them out.

    The weights are the files that ``*.safetensors.index.json`` names, with the index itself; else
    all files of one kind, the first there is of ``*.safetensors``, ``*.bin``, ``*.pt``, ``*.pth``
    and ``*.onnx``.
    """
    folder = Path(folder)
    for index in sorted(folder.glob("*.safetensors.index.json")):
        shards = set(json.loads(index.read_text())["weight_map"].values())
        return of_files([index, *(folder / shard for shard in shards)])
    for kind in _KINDS:
        if files := sorted(folder.glob(f"*{kind}")):
            return of_files(files)
    raise ValueError(
        f"weights are files of one of {', '.join(_KINDS)}, found none in {folder};"
        " of_file takes a file of any name, of_state a state_dict()"
    )


def of_path(path: str | Path) -> str:
    """The digest of a file or a folder of weights."""
    return of_folder(path) if Path(path).is_dir() else of_file(path)


def with_adapters(base: str, adapters: Sequence[str]) -> str:
    """The digest of a base with LoRA or other adapters on it, of their digests."""
    return _of_text("adapters", base, *adapters) if adapters else base


def quantised(read: str, settings: Mapping[str, Any]) -> str:
    """The digest of weights that are quantised while they are loaded."""
    return _of_text("quantised", read, json.dumps(settings, sort_keys=True))


def of_state(state: Mapping[str, Any]) -> str:
    """The digest of a ``state_dict()``: for weights that no file holds."""
    import numpy as np

    digest = hashlib.sha256(b"spectrawatch-state-1\n")
    for name in sorted(state, key=str.encode):
        tensor = state[name]
        kind = str(getattr(tensor, "dtype", type(tensor).__name__))
        if hasattr(tensor, "detach"):
            import torch

            plain = tensor.detach().cpu().contiguous()
            raw: Any = plain.reshape(-1).view(torch.uint8).numpy() if plain.numel() else b""
        else:
            raw = np.ascontiguousarray(tensor)
        shape = ",".join(map(str, getattr(tensor, "shape", ())))
        digest.update(f"{name}\n{kind}\n{shape}\n".encode())
        digest.update(raw)
    return digest.hexdigest()


def _of_text(kind: str, *lines: str) -> str:
    text = "".join(f"{line}\n" for line in (f"spectrawatch-{kind}-1", *lines))
    return hashlib.sha256(text.encode()).hexdigest()
