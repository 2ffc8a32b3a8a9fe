"""The command ``spectrawatch-tap``."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from . import digest
from .layers import candidates
from .wire import FINGERPRINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 done, 1 failed, 2 wrong usage."""
    parser = argparse.ArgumentParser("spectrawatch-tap", description="Helps to tap a model.")
    commands = parser.add_subparsers(dest="command", required=True)
    list_ = commands.add_parser("list", help="print the layers of a PyTorch model")
    list_.add_argument("model", help="module:function that returns the model")
    list_.add_argument(
        "--input",
        metavar="TYPE:SIZES",
        help="run it on zeros of this type and shape to see what layers return: int64:1x16",
    )
    digest_ = commands.add_parser("digest", help="print the digest of weights")
    digest_.add_argument("path", help="a file, or a folder of weights")
    digest_.add_argument("--adapter", action="append", default=[], help="weights of an adapter")
    commands.add_parser("schema", help="print the fingerprint of the records that are written")
    options = parser.parse_args(arguments)
    try:
        if options.command == "list":
            _list(options.model, options.input)
        elif options.command == "digest":
            adapters = [digest.of_path(path) for path in options.adapter]
            print(digest.with_adapters(digest.of_path(options.path), adapters))
        else:
            print(f"ActivationSnapshot 2 {FINGERPRINT.to_bytes(8, 'little').hex()}")
    except (ValueError, OSError, ImportError, AttributeError) as e:
        print(f"spectrawatch-tap: {e}", file=sys.stderr)
        return 1
    return 0


def _list(model: str, input: str | None) -> None:
    module, _, function = model.partition(":")
    if not function:
        raise ValueError(f"expected module:function, found '{model}'")
    sys.path.insert(0, "")
    made: Any = getattr(importlib.import_module(module), function)()
    found = candidates(made)
    shapes = _shapes(made, found, input) if input else {}
    width = max([len(c.name) for c in found] + [5])
    print(f"  {'layer':{width}}  {'role':9}  {'columns':>7}  {'shape':16}  tap")
    for c in found:
        mark = "*" if c.chosen else " "
        columns = "" if c.columns is None else str(c.columns)
        shape = shapes.get(c.name, "")
        print(f"{mark} {c.name:{width}}  {c.role.name:9}  {columns:>7}  {shape:16}  {c.tap}")
    print("* taken by layers='auto'")


def _shapes(model: Any, found: Sequence[Any], input: str) -> dict[str, str]:
    import torch

    from .watching import _tensor

    kind, _, sizes = input.partition(":")
    dtype = getattr(torch, kind, None)
    if not isinstance(dtype, torch.dtype) or not sizes:
        raise ValueError(f"expected a type of torch and sizes such as int64:1x16, found '{input}'")
    shapes: dict[str, str] = {}

    def note(name: str, output: Any) -> None:
        tensor = _tensor(output)
        if tensor is not None:
            shapes.setdefault(name, "x".join(map(str, tensor.shape)))

    handles = [
        c.module.register_forward_hook(lambda _m, _i, output, name=c.name: note(name, output))
        for c in found
    ]
    with torch.no_grad():
        model.eval()(torch.zeros([int(n) for n in sizes.split("x")], dtype=dtype))
    for handle in handles:
        handle.remove()
    return shapes
