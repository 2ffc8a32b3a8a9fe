"""The parts of vLLM 0.33 that a connector meets, with the signatures of its base classes.

Taken down from KVConnectorBase_V1 and SupportsHMA of that release, so that the connector is held
to them where vLLM itself cannot be installed.
"""

import sys
from abc import ABC, abstractmethod
from types import ModuleType, SimpleNamespace


class KVConnectorMetadata(ABC):  # noqa: B024
    pass


class SupportsHMA(ABC):
    @abstractmethod
    def request_finished_all_groups(self, request, block_ids):
        raise NotImplementedError


class KVConnectorBase_V1(ABC):
    def __init__(self, vllm_config, role, kv_cache_config=None):
        self._connector_metadata = None
        self._vllm_config = vllm_config
        self._kv_transfer_config = vllm_config.kv_transfer_config
        self._role = role

    def bind_connector_metadata(self, connector_metadata):
        self._connector_metadata = connector_metadata

    def clear_connector_metadata(self):
        self._connector_metadata = None

    def _get_connector_metadata(self):
        assert self._connector_metadata is not None
        return self._connector_metadata

    def register_kv_caches(self, kv_caches):
        return

    @abstractmethod
    def start_load_kv(self, forward_context, **kwargs):
        pass

    @abstractmethod
    def wait_for_layer_load(self, layer_name):
        pass

    @abstractmethod
    def save_kv_layer(self, layer_name, kv_layer, attn_metadata, **kwargs):
        pass

    @abstractmethod
    def wait_for_save(self):
        pass

    def get_finished(self, finished_req_ids):
        return None, None

    def shutdown(self):
        return None

    @abstractmethod
    def get_num_new_matched_tokens(self, request, num_computed_tokens):
        pass

    @abstractmethod
    def update_state_after_alloc(self, request, blocks, num_external_tokens):
        pass

    @abstractmethod
    def build_connector_meta(self, scheduler_output):
        pass

    def request_finished(self, request, block_ids):
        return False, None

    @classmethod
    def get_required_kvcache_layout(cls, vllm_config):
        return None

    def get_finished_count(self):
        return None


class HiddenStateCacheSpec:
    def __init__(self, block_size):
        self.block_size = block_size


class FullAttentionSpec(HiddenStateCacheSpec):
    pass


def install(monkeypatch, rank=0):
    """Makes the modules importable."""
    contents = {
        "vllm": {},
        "vllm.config": {
            "get_layers_from_vllm_config": lambda config, kind, names: {
                name: kind for name in names if "cache_only" in name
            }
        },
        "vllm.distributed": {},
        "vllm.distributed.parallel_state": {"get_tensor_model_parallel_rank": lambda: rank},
        "vllm.distributed.kv_transfer": {},
        "vllm.distributed.kv_transfer.kv_connector": {},
        "vllm.distributed.kv_transfer.kv_connector.v1": {},
        "vllm.distributed.kv_transfer.kv_connector.v1.base": {
            "KVConnectorBase_V1": KVConnectorBase_V1,
            "KVConnectorMetadata": KVConnectorMetadata,
            "SupportsHMA": SupportsHMA,
        },
        "vllm.model_executor": {},
        "vllm.model_executor.models": {},
        "vllm.model_executor.models.extract_hidden_states": {"CacheOnlyAttentionLayer": object},
    }
    for name, members in contents.items():
        module = ModuleType(name)
        module.__path__ = []
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "spectrawatch_tap.vllm", raising=False)


def config(layer_ids, extra):
    """What vLLM hands to a connector."""
    return SimpleNamespace(
        cache_config=SimpleNamespace(block_size=4),
        kv_transfer_config=SimpleNamespace(kv_connector_extra_config=extra),
        speculative_config=SimpleNamespace(
            draft_model_config=SimpleNamespace(
                hf_config=SimpleNamespace(eagle_aux_hidden_state_layer_ids=layer_ids)
            )
        ),
    )


def groups(*specs):
    return SimpleNamespace(kv_cache_groups=[SimpleNamespace(kv_cache_spec=s) for s in specs])
