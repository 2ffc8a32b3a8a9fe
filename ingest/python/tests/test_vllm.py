"""The connector for vLLM on caches in memory; vLLM itself is not needed."""

import importlib
import inspect
from types import SimpleNamespace

import pytest
import vllm_base

from spectrawatch_tap import Phase, RowRange

torch = pytest.importorskip("torch", reason="torch is not installed")

SETTINGS = {"kafka": "nowhere:9092", "model": "m", "version": "1", "digest": "0a" * 32}
LAYER_IDS = [2, 16, 30]
BLOCK = 4


@pytest.fixture
def connector_of(monkeypatch, publishers):
    made = []

    def new(rank=0, **settings):
        vllm_base.install(monkeypatch, rank)
        module = importlib.import_module("spectrawatch_tap.vllm")
        p = publishers(sampling=settings.get("sampling", 1.0))
        monkeypatch.setattr(module, "publisher_of", lambda *_, **__: p)
        config = vllm_base.config(LAYER_IDS, {**SETTINGS, **settings})
        caches = vllm_base.groups(
            vllm_base.FullAttentionSpec(16), vllm_base.HiddenStateCacheSpec(BLOCK)
        )
        connector = module.SpectrawatchConnector(config, "role", caches)
        made.append(connector)
        return connector, p

    yield new
    for connector in made:
        connector.shutdown()


def request(id, prompt, computed):
    return SimpleNamespace(request_id=id, num_prompt_tokens=prompt, num_computed_tokens=computed)


def finish(connector, *ended):
    """A step of the engine: requests end, the scheduler tells the worker, which copies."""
    answers = [connector.request_finished_all_groups(r, ([], blocks)) for r, blocks in ended]
    connector.bind_connector_metadata(connector.build_connector_meta(None))
    finished = connector.get_finished(set())
    connector.clear_connector_metadata()
    return answers, finished


@pytest.mark.parametrize("order", ["layers first", "tokens first"])
def test_states_of_a_request_reach_the_topic(connector_of, order):
    connector, p = connector_of()
    states = torch.arange(6 * BLOCK * 3 * 5, dtype=torch.float32).view(6, BLOCK, 3, 5)
    cache = states.clone().to(torch.bfloat16)
    connector.register_kv_caches(
        {"attn.0": None, "cache_only": cache.transpose(1, 2) if order == "layers first" else cache}
    )
    answers, finished = finish(connector, (request("r-1", 5, 9), [4, 1, 3]))
    cache.zero_()  # the blocks are somebody else's now
    p.close()

    assert answers == [(True, None)]
    assert finished == ({"r-1"}, None)
    (snapshot,) = p.fake.snapshots()
    (sample,) = snapshot.samples
    assert sample.rows == (RowRange(0, 5, Phase.PROMPT), RowRange(5, 4, Phase.GENERATED))
    assert [x.name for x in snapshot.layers] == ["layer.2", "layer.16", "layer.30"]
    assert {x.tap for x in snapshot.layers} == {"residual-pre-norm"}
    expected = states[[4, 1, 3]].flatten(0, 1)[:9].to(torch.bfloat16)
    for i, layer in enumerate(snapshot.layers):
        got = torch.from_numpy(layer.data.copy()).view(torch.bfloat16)
        assert torch.equal(got, expected[:, i])


def test_only_rank_0_publishes(connector_of):
    connector, p = connector_of(rank=1)
    connector.register_kv_caches({"cache_only": torch.zeros(2, BLOCK, 3, 5)})
    _, finished = finish(connector, (request("r", 2, 4), [0]))
    p.close()

    assert finished == (None, None)
    assert connector.get_finished_count() == 1
    assert p.fake.snapshots() == []


def test_blocks_are_freed_whatever_happens(connector_of, caplog):
    connector, p = connector_of()
    connector.register_kv_caches({"cache_only": torch.zeros(2, 7, 3, 5)})
    _, finished = finish(connector, (request("r", 2, 4), [0]), (request("s", 2, 4), [1]))
    p.close()

    assert finished == ({"r", "s"}, None)
    assert p.fake.snapshots() == []
    assert caplog.text.count("could not be published") == 1


def test_requests_without_tokens_keep_no_blocks(connector_of):
    connector, _ = connector_of()

    assert connector.request_finished(request("r", 2, 0), []) == (False, None)


def test_requests_that_are_not_kept_are_not_copied(connector_of):
    connector, p = connector_of(sampling=0.2)
    connector.register_kv_caches({"cache_only": torch.zeros(2, BLOCK, 3, 5)})
    names = [f"r{i}" for i in range(40)]
    _, finished = finish(connector, *((request(n, 2, 4), [0]) for n in names))
    p.close()

    assert finished == (set(names), None)
    sent = {s.samples[0].id for s in p.fake.snapshots()}
    assert sent == {n for n in names if p.sampler.keeps(n)}


def test_the_signatures_are_those_of_the_base(connector_of):
    connector, _ = connector_of()
    for name, of_base in inspect.getmembers(vllm_base.KVConnectorBase_V1, inspect.isfunction):
        if name.startswith("_") and name != "__init__":
            continue
        own = inspect.signature(getattr(type(connector), name))
        assert list(own.parameters) == list(inspect.signature(of_base).parameters), name


def test_the_method_is_required(monkeypatch):
    vllm_base.install(monkeypatch)
    module = importlib.import_module("spectrawatch_tap.vllm")
    config = vllm_base.config([], SETTINGS)
    config.speculative_config = None
    with pytest.raises(ValueError, match="extract_hidden_states"):
        module.SpectrawatchConnector(config, "role")
