"""vLLM: a connector that publishes hidden states when a request ends.

::

    vllm serve MODEL --speculative_config '{"method": "extract_hidden_states",
        "num_speculative_tokens": 1, "draft_model_config":
        {"hf_config": {"eagle_aux_hidden_state_layer_ids": [2, 16, 30]}}}'
      --kv_transfer_config '{"kv_connector": "SpectrawatchConnector", "kv_role": "kv_producer",
        "kv_connector_module_path": "spectrawatch_tap.vllm",
        "kv_connector_extra_config": {"kafka": "broker:9092", "model": "my-model",
          "version": "1", "weights": "/models/my-model"}}'

vLLM keeps the hidden states of the named layers beside its KV cache; the worker of tensor-parallel
rank 0 copies those of a request when it has ended, prompt and generated tokens alike. Layer
``num_hidden_layers`` is the state before the last norm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vllm.distributed.kv_transfer.kv_connector.v1.base import (
    KVConnectorBase_V1,
    KVConnectorMetadata,
    SupportsHMA,
)

from ._settings import publisher_of
from .copies import TensorCopy
from .publisher import LOG, Publisher, now
from .records import Batch, Layer, Phase, Request, Role, RowRange, SampleRows

TAP = "residual-pre-norm"


@dataclass
class Ended:
    """A request whose states are to be copied."""

    id: str
    prompt: int
    tokens: int
    blocks: list[int]


@dataclass
class Metadata(KVConnectorMetadata):  # type: ignore[misc]
    """What the scheduler tells the workers with a step."""

    ended: list[Ended] = field(default_factory=list)


class SpectrawatchConnector(KVConnectorBase_V1, SupportsHMA):  # type: ignore[misc]
    """Stores nothing and loads nothing: reads the hidden states of requests that ended."""

    def __init__(self, vllm_config: Any, role: Any, kv_cache_config: Any = None) -> None:
        super().__init__(vllm_config=vllm_config, role=role, kv_cache_config=kv_cache_config)
        speculative = vllm_config.speculative_config
        if speculative is None:
            raise ValueError("SpectrawatchConnector needs the method extract_hidden_states")
        hf_config = speculative.draft_model_config.hf_config
        self._layer_ids = list(getattr(hf_config, "eagle_aux_hidden_state_layer_ids", []))
        self._group, self._block_size = _group(vllm_config, kv_cache_config)
        self._settings = dict(vllm_config.kv_transfer_config.kv_connector_extra_config)
        self._ended: dict[str, Ended] = {}
        self._cache: Any = None
        self._publisher: Publisher | None = None
        self._rank_zero = True
        self._failed = False

    # The scheduler calls these.

    def get_num_new_matched_tokens(
        self, request: Any, num_computed_tokens: int
    ) -> tuple[int | None, bool]:
        """Nothing is loaded."""
        return 0, False

    def update_state_after_alloc(self, request: Any, blocks: Any, num_external_tokens: int) -> None:
        """Nothing is loaded."""

    def build_connector_meta(self, scheduler_output: Any) -> KVConnectorMetadata:
        """The requests that ended since the last step."""
        ended, self._ended = list(self._ended.values()), {}
        return Metadata(ended)

    def request_finished(
        self, request: Any, block_ids: list[int]
    ) -> tuple[bool, dict[str, Any] | None]:
        """Keeps the blocks until the worker has copied them."""
        prompt = int(request.num_prompt_tokens)
        tokens = min(int(request.num_computed_tokens), len(block_ids) * self._block_size)
        if tokens <= 0:
            return False, None
        self._ended[request.request_id] = Ended(
            request.request_id, min(prompt, tokens), tokens, list(block_ids)
        )
        return True, None

    def request_finished_all_groups(
        self, request: Any, block_ids: tuple[list[int], ...]
    ) -> tuple[bool, dict[str, Any] | None]:
        """As request_finished, where there are several groups of caches."""
        return self.request_finished(request, block_ids[self._group])

    def get_finished_count(self) -> int:
        """One worker, of rank 0, tells when it is done."""
        return 1

    @classmethod
    def get_required_kvcache_layout(cls, vllm_config: Any) -> str | None:
        """The states of a token lie together."""
        return "NHD"

    @property
    def prefer_cross_layer_blocks(self) -> bool:
        """The states keep a cache of their own."""
        return False

    # The worker calls these.

    def start_load_kv(self, forward_context: Any, **kwargs: Any) -> None:
        """Nothing is loaded."""

    def wait_for_layer_load(self, layer_name: str) -> None:
        """Nothing is loaded."""

    def save_kv_layer(
        self, layer_name: str, kv_layer: Any, attn_metadata: Any, **kwargs: Any
    ) -> None:
        """The states are in their cache already."""

    def wait_for_save(self) -> None:
        """Nothing is saved."""

    def register_kv_caches(self, kv_caches: dict[str, Any]) -> None:
        """Finds the cache of the hidden states."""
        from vllm.config import get_layers_from_vllm_config
        from vllm.distributed.parallel_state import get_tensor_model_parallel_rank
        from vllm.model_executor.models.extract_hidden_states import CacheOnlyAttentionLayer

        self._rank_zero = get_tensor_model_parallel_rank() == 0
        names = list(
            get_layers_from_vllm_config(self._vllm_config, CacheOnlyAttentionLayer, list(kv_caches))
        )
        if len(names) != 1:
            raise ValueError(f"one cache of hidden states expected, found {names}")
        self._cache = kv_caches[names[0]]

    def get_finished(self, finished_req_ids: set[str]) -> tuple[set[str] | None, set[str] | None]:
        """Copies the states of the requests that ended; their blocks are free from then on."""
        metadata = self._get_connector_metadata()
        if not isinstance(metadata, Metadata) or not metadata.ended or not self._rank_zero:
            return None, None
        for ended in metadata.ended:
            try:
                self._publish(ended)
            except Exception:
                if not self._failed:
                    self._failed = True
                    LOG.warning("hidden states could not be published", exc_info=True)
        return {ended.id for ended in metadata.ended}, None

    def shutdown(self) -> None:
        """Sends what waits."""
        if self._publisher is not None:
            self._publisher.close()

    def _publish(self, ended: Ended) -> None:
        if self._publisher is None:
            self._publisher = publisher_of(self._settings, also=("taps",))
        if self._publisher.keeps(ended.id):
            # On the device and in order, so that the blocks may be written again at once.
            states = _states(self._cache, ended, self._block_size, len(self._layer_ids))
            taps = self._settings.get("taps", {})
            self._publisher.submit(_States(ended, TensorCopy(states), self._layer_ids, taps))


def _group(vllm_config: Any, kv_cache_config: Any) -> tuple[int, int]:
    """Which group of caches holds the hidden states, and tokens of a block of it."""
    groups = getattr(kv_cache_config, "kv_cache_groups", None)
    if not groups:
        return 0, int(vllm_config.cache_config.block_size)
    for i, group in enumerate(groups):
        if type(group.kv_cache_spec).__name__ == "HiddenStateCacheSpec":
            return i, int(group.kv_cache_spec.block_size)
    return 0, int(groups[0].kv_cache_spec.block_size)


def _states(cache: Any, ended: Ended, block_size: int, layers: int) -> Any:
    """[tokens, layers, hidden] out of a cache of [blocks, layers, tokens, hidden], or of
    [blocks, tokens, layers, hidden] as releases before 0.30 have it."""
    import torch

    blocks = torch.tensor(ended.blocks, device=cache.device)
    taken = cache.index_select(0, blocks)
    if tuple(taken.shape[1:3]) == (layers, block_size):
        taken = taken.transpose(1, 2)
    elif tuple(taken.shape[1:3]) != (block_size, layers):
        raise ValueError(
            f"a cache of [blocks, {layers}, {block_size}, hidden] expected, found "
            f"{list(cache.shape)}"
        )
    return taken.flatten(0, 1)[: ended.tokens]


class _States:
    """The states of a request on their way to the publisher."""

    def __init__(
        self, ended: Ended, states: TensorCopy, layer_ids: Sequence[int], taps: dict[str, str]
    ) -> None:
        self._ended = ended
        self._states = states
        self._layer_ids = layer_ids
        self._taps = taps
        self._captured_at = now()
        self.nbytes = states.nbytes

    def samples(self) -> list[SampleRows]:
        prompt, tokens = self._ended.prompt, self._ended.tokens
        ranges = [RowRange(0, prompt, Phase.PROMPT)] if prompt else []
        if tokens > prompt:
            ranges.append(RowRange(prompt, tokens - prompt, Phase.GENERATED))
        return [SampleRows(Request(self._ended.id), tuple(ranges))]

    def batch(self) -> Batch:
        states = self._states.array()
        layers = []
        for i, id in enumerate(self._layer_ids):
            name = f"layer.{id}"
            tap = self._taps.get(name, TAP)
            layers.append(Layer(name, states[:, i], i, Role.HIDDEN, tap))
        return Batch(self.samples(), layers, self._captured_at)
