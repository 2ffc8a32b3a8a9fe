"""What SGLang's hooks see, on modules and batches that are shaped as its own are."""

import enum
from types import SimpleNamespace

import pytest

from spectrawatch_tap import Phase, RowRange, sglang

torch = pytest.importorskip("torch", reason="torch is not installed")
nn = torch.nn


class ForwardMode(enum.Enum):
    EXTEND = 1
    DECODE = 2

    def is_decode(self):
        return self is ForwardMode.DECODE

    def is_extend(self):
        return self is ForwardMode.EXTEND


class DecoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = nn.Linear(4, 4)

    def forward(self, positions, hidden_states, forward_batch, residual):
        return self.mlp(hidden_states), hidden_states


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_tokens = nn.Embedding(20, 4)
        self.layers = nn.ModuleList(DecoderLayer() for _ in range(2))

    def forward(self, input_ids, positions, forward_batch):
        x = self.embed_tokens(input_ids)
        for layer in self.layers:
            x, _ = layer(positions, x, forward_batch, None)
        return x


def extend(rids, lengths, prefixes=None):
    return SimpleNamespace(
        forward_mode=ForwardMode.EXTEND,
        rids=rids,
        extend_seq_lens_cpu=lengths,
        extend_prefix_lens_cpu=prefixes or [0] * len(rids),
    )


def decode(rids, lengths):
    return SimpleNamespace(
        forward_mode=ForwardMode.DECODE, rids=rids, seq_lens=torch.tensor(lengths),
        seq_lens_cpu=None,
    )  # fmt: skip


def test_requests_in_a_running_batch(publishers):
    p = publishers()
    tap = sglang.PackedTap(p, ["layers.*"], {"layers.0": "mlp-output, residual apart"})
    model = Inner()
    model.register_forward_hook(tap.hook)

    def run(batch, tokens):
        with torch.no_grad():
            return model(torch.randint(0, 20, (tokens,)), None, batch)

    run(extend(["warm-up"], [2]), 2)  # puts the hooks in
    run(extend(["a", "b"], [3, 2]), 8)  # padded to 8
    run(extend(["c"], [2], [4]), 2)
    for step in range(3):
        run(decode(["a", "b", "c"], [4 + step, 3 + step, 7 + step]), 4)
    run(decode(["a", "c"], [7, 10]), 2)  # b has ended
    run(decode(["c"], [11]), 1)  # a has ended
    run(decode(["d"], [5]), 1)  # c has ended, the prompt of d was in a graph
    p.close()

    samples = {}
    for snapshot in p.fake.snapshots():
        assert [x.name for x in snapshot.layers] == ["layers.0", "layers.1"]
        assert snapshot.layers[0].tap == "mlp-output, residual apart"
        for s in snapshot.samples:
            samples.setdefault(s.id, []).append(s)
    assert [s.part for s in samples["b"]] == [0, 1]
    assert samples["a"][0].rows == (RowRange(0, 3, Phase.PROMPT),)
    assert samples["c"][0].rows == (RowRange(4, 2, Phase.PROMPT),)
    assert [r.position for s in samples["a"][1:] for r in s.rows] == [3, 4, 5, 6]
    assert [r.position for s in samples["b"][1:] for r in s.rows] == [2, 3, 4]
    assert [[s.last for s in samples[id]][-1] for id in ("a", "b", "c")] == [True] * 3
    assert all(not s.last for id in "abc" for s in samples[id][:-1])


def test_rows_are_those_of_the_layer(publishers):
    p = publishers()
    model = Inner()
    model.register_forward_hook(sglang.PackedTap(p, ["layers.1"], {}).hook)
    with torch.no_grad():
        model(torch.tensor([1]), None, extend(["warm-up"], [1]))
        out = model(torch.tensor([1, 2, 3]), None, extend(["a", "b"], [2, 1]))
    p.close()

    (snapshot,) = p.fake.snapshots()
    assert snapshot.layers[0].data.tolist() == out.tolist()


def test_requests_that_are_not_kept_leave_no_row(publishers):
    p = publishers(sampling=0.3)
    model = Inner()
    model.register_forward_hook(sglang.PackedTap(p, ["layers.1"], {}).hook)
    names = [f"r{i}" for i in range(30)]
    with torch.no_grad():
        model(torch.tensor([1]), None, extend(["warm-up"], [1]))
        for name in names:
            model(torch.tensor([1, 2]), None, extend([name], [2]))
        model(torch.tensor([3] * 30), None, decode(names, [3] * 30))
        model(torch.tensor([3]), None, decode(["another"], [3]))
    p.close()

    kept = {n for n in names if p.sampler.keeps(n)}
    assert {s.id for x in p.fake.snapshots() for s in x.samples} - {"another"} == kept
    assert p.stats().invalid == 0


def test_the_factory_reads_settings():
    with pytest.raises(ValueError, match="unknown setting 'modl'"):
        sglang.hook_factory({"modl": "m"})
    with pytest.raises(ValueError, match="setting 'kafka' is missing"):
        sglang.hook_factory({})
    with pytest.raises(ValueError, match="one of 'digest' and 'weights'"):
        sglang.hook_factory({"kafka": "x:1", "model": "m", "version": "1"})
    config = {"kafka": "x:1", "model": "m", "version": "1", "digest": "0a" * 32, "layers": ["x"]}
    assert callable(sglang.hook_factory(config))
