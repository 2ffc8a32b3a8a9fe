"""Copies of tensors that the model can no longer change."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .records import Array

if TYPE_CHECKING:
    import torch


class TensorCopy:
    """What a tensor held at this moment, in the memory of the host.

    The copy of a tensor on a CUDA device runs on a stream of its own, so that the model goes on;
    ``array`` waits for it. 16-bit types stay as they are, bfloat16 as int16; all others become
    float32.
    """

    def __init__(self, tensor: torch.Tensor, rows: Any = None) -> None:
        import torch

        tensor = tensor.detach()
        if tensor.dtype not in (torch.float32, torch.float16, torch.bfloat16):
            tensor = tensor.float()
        self._event: Any = None
        if rows is not None:
            tensor = tensor.index_select(0, _on_device(rows, tensor.device))
        if tensor.device.type == "cuda":
            self._host, self._event = _to_host(tensor, owned=rows is not None)
        elif tensor.device.type == "cpu":
            owned = rows is not None and tensor.is_contiguous()
            self._host = tensor if owned else tensor.clone(memory_format=torch.contiguous_format)
        else:
            self._host = tensor.cpu().contiguous()
        self.nbytes: int = self._host.numel() * self._host.element_size()

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the tensor."""
        return tuple(self._host.shape)

    def array(self) -> Array:
        """The values; waits until they are there."""
        import torch

        if self._event is not None:
            self._event.synchronize()
        host = self._host
        if host.dtype == torch.bfloat16:
            host = host.view(torch.int16)
        array: Array = host.numpy()
        return array


def _on_device(rows: Any, device: Any) -> Any:
    import torch

    index = torch.tensor(rows)
    return index if device.type == "cpu" else index.to(device, non_blocking=True)


_streams: dict[Any, Any] = {}
_lock = threading.Lock()


def _to_host(tensor: torch.Tensor, owned: bool) -> tuple[torch.Tensor, Any]:
    import torch

    # Copied on the device first, which is fast, so that writes of the model come after it.
    own = tensor if owned else tensor.clone(memory_format=torch.contiguous_format)
    with _lock:
        side = _streams.get(tensor.device)
        if side is None:
            side = _streams[tensor.device] = torch.cuda.Stream(tensor.device)
    side.wait_stream(torch.cuda.current_stream(tensor.device))
    with torch.cuda.stream(side):
        host = torch.empty(own.shape, dtype=own.dtype, pin_memory=True)
        host.copy_(own, non_blocking=True)
        event = torch.cuda.Event()
        event.record(side)
    own.record_stream(side)
    return host, event
