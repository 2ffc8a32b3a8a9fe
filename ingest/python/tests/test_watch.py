"""What the hooks see of PyTorch models."""

import copy
import dataclasses
import threading

import numpy as np
import pytest

from spectrawatch_tap import Phase, Request, Role, RowRange, watch
from spectrawatch_tap.layers import candidates
from spectrawatch_tap.records import ElementType

torch = pytest.importorskip("torch", reason="torch is not installed")
nn = torch.nn
torch.manual_seed(7)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mlp = nn.Linear(width, width)

    def forward(self, x):
        return (x + torch.tanh(self.mlp(x)), None)


class Transformer(nn.Module):
    def __init__(self, blocks=3, width=8):
        super().__init__()
        self.embed = nn.Embedding(50, width)
        self.blocks = nn.ModuleList(Block(width) for _ in range(blocks))
        self.head = nn.Linear(width, 5)

    def forward(self, input_ids, attention_mask=None):
        x = self.embed(input_ids)
        for block in self.blocks:
            x = block(x)[0]
        return self.head(x.mean(1))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.fc = nn.Linear(3 * 26 * 26, 10)

    def forward(self, x):
        return self.fc(torch.relu_(self.conv(x)).flatten(1))


def ids(*shape):
    return torch.randint(0, 50, shape)


def test_auto_takes_embedding_blocks_and_logits(publishers):
    tap = watch(Transformer(blocks=12).eval(), publishers())

    names = [c.name for c in tap.layers]
    roles = [c.role for c in tap.layers]
    assert names == ["embed"] + [f"blocks.{i}" for i in (0, 3, 6, 8, 11)] + ["head"]
    assert roles == [Role.EMBEDDING] + [Role.HIDDEN] * 5 + [Role.LOGITS]


def test_wide_logits_are_not_taken_by_themselves():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 5000))

    assert [(c.name, c.chosen) for c in candidates(model)] == [("0", True), ("2", False)]


def test_rows_are_those_of_the_layers(publishers):
    p = publishers()
    model = Transformer().eval()
    tap = watch(model, p, taps={"blocks.0": "residual-post-block"})
    x = ids(2, 5)
    with torch.no_grad():
        expected = model.embed(x)
        with tap.requests(Request("a", client="c"), "b"):
            logits = model(x)
    p.close()

    (snapshot,) = p.fake.snapshots()
    assert [(s.id, s.client) for s in snapshot.samples] == [("a", "c"), ("b", None)]
    assert [s.rows for s in snapshot.samples] == [(RowRange(0, 5),)] * 2
    by_name = {layer.name: layer for layer in snapshot.layers}
    assert by_name["embed"].data.tolist() == expected.reshape(10, 8).tolist()
    assert by_name["head"].data.tolist() == logits.tolist()
    assert by_name["head"].per_sample
    assert by_name["blocks.0"].tap == "residual-post-block"
    assert by_name["blocks.1"].tap == "output of Block"
    assert [layer.index for layer in snapshot.layers] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("positional", [True, False])
def test_hidden_tokens_have_no_rows(publishers, positional):
    p = publishers()
    model = Transformer()
    watch(model, p, "embed")
    x = ids(3, 4)
    mask = torch.tensor([[1, 1, 1, 1], [0, 0, 1, 1], [1, 0, 0, 0]])
    model(x, mask) if positional else model(x, attention_mask=mask)
    p.close()

    (snapshot,) = p.fake.snapshots()
    assert [s.rows for s in snapshot.samples] == [
        (RowRange(0, 4),),
        (RowRange(0, 2),),
        (RowRange(0, 1),),
    ]
    expected = model.embed(x)[mask.bool()]
    assert snapshot.layers[0].data.tolist() == expected.tolist()


def test_the_last_visible_token_alone(publishers):
    p = publishers()
    model = Transformer()
    watch(model, p, "embed", tokens="last")
    x = ids(2, 4)
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    model(x, mask)
    p.close()

    (snapshot,) = p.fake.snapshots()
    assert [s.rows for s in snapshot.samples] == [(RowRange(3, 1),), (RowRange(1, 1),)]
    expected = [model.embed(x)[0, 3].tolist(), model.embed(x)[1, 1].tolist()]
    assert snapshot.layers[0].data.tolist() == expected


@pytest.mark.parametrize(("maps", "rows"), [("pool", (2, 3)), ("flatten", (2, 2028))])
def test_feature_maps(publishers, maps, rows):
    p = publishers()
    model = Net()
    watch(model, p, "conv", maps=maps)
    x = torch.rand(2, 1, 28, 28)
    model(x)
    p.close()

    maps_of = model.conv(x).flatten(2)
    expected = maps_of.mean(2) if maps == "pool" else maps_of.flatten(1)
    (snapshot,) = p.fake.snapshots()
    assert snapshot.layers[0].data.shape == rows
    assert np.array_equal(snapshot.layers[0].data, expected.detach().numpy())
    assert snapshot.samples[0].rows is None


def test_places_of_feature_maps(publishers):
    p = publishers()
    model = Net()
    watch(model, p, "conv", maps="places")
    x = torch.rand(2, 1, 28, 28)
    model(x)
    p.close()

    (snapshot,) = p.fake.snapshots()
    assert [s.rows for s in snapshot.samples] == [(RowRange(0, 676),)] * 2
    expected = model.conv(x).flatten(2).transpose(1, 2).reshape(-1, 3)
    assert snapshot.layers[0].data.tolist() == expected.tolist()


def test_writes_after_the_hook_change_nothing(publishers):
    p = publishers()
    model = Net().eval()
    watch(model, p, "conv", maps="flatten")
    x = torch.rand(1, 1, 28, 28) - 0.5
    model(x)  # relu_ writes into what the convolution returned
    p.close()

    sent = p.fake.snapshots()[0].layers[0].data
    assert (sent < 0).any()
    assert sent.tolist() == model.conv(x).flatten(1).tolist()


@pytest.mark.parametrize(
    ("dtype", "element_type"),
    [
        (torch.float16, ElementType.FLOAT16),
        (torch.bfloat16, ElementType.BFLOAT16),
        (torch.float64, ElementType.FLOAT32),
    ],
)
def test_types_stay_as_they_are(publishers, dtype, element_type):
    p = publishers()
    holder = nn.Sequential(nn.Identity())
    watch(holder, p, "0")
    x = torch.rand(2, 3).to(dtype)
    holder(x)
    p.close()

    layer = p.fake.snapshots()[0].layers[0]
    assert layer.element_type == element_type
    back = torch.from_numpy(layer.data.copy())
    back = back.view(torch.bfloat16) if dtype == torch.bfloat16 else back
    assert torch.equal(back.to(torch.float32), x.to(torch.float32))


@dataclasses.dataclass
class Output:
    label: str
    states: torch.Tensor


class Wrapping(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, x):
        return {
            "tuple": (None, x),
            "list": [x],
            "mapping": {"states": x},
            "class": Output("l", x),
            "nothing": "no tensor",
        }[self.kind]


@pytest.mark.parametrize("kind", ["tuple", "list", "mapping", "class", "nothing"])
def test_kinds_of_outputs(publishers, kind):
    p = publishers()
    holder = nn.Sequential(Wrapping(kind))
    watch(holder, p, "0")
    x = torch.rand(2, 3)
    holder(x)
    p.close()

    snapshots = p.fake.snapshots()
    assert len(snapshots) == (kind != "nothing")
    assert all(s.layers[0].data.tolist() == x.tolist() for s in snapshots)


def test_requests_that_are_not_kept_leave_no_row(publishers):
    p = publishers(sampling=0.3)
    model = Transformer()
    tap = watch(model, p)
    x = ids(64, 3)
    names = [f"r{i}" for i in range(64)]
    with tap.requests(*names):
        model(x)
    with tap.requests(next(n for n in names if not p.sampler.keeps(n))):
        model(x[:1])
    p.close()

    (snapshot,) = p.fake.snapshots()
    kept = [i for i, name in enumerate(names) if p.sampler.keeps(name)]
    assert [s.id for s in snapshot.samples] == [names[i] for i in kept]
    assert 0 < len(kept) < 64
    assert snapshot.layers[0].data.tolist() == model.embed(x)[kept].reshape(-1, 8).tolist()


def test_passes_of_one_request_are_its_parts(publishers):
    p = publishers()
    model = Transformer()
    tap = watch(model, p, "blocks.*")
    with tap.requests("r", phases=True):
        model(ids(1, 6))
        for _ in range(70):
            model(ids(1, 1))
    p.close()

    samples = [s.samples[0] for s in p.fake.snapshots()]
    assert [(s.part, s.last) for s in samples] == [(0, False), (1, False), (2, False), (3, True)]
    assert samples[0].rows == (RowRange(0, 6, Phase.PROMPT),)
    assert samples[1].rows == (RowRange(6, 32, Phase.GENERATED),)
    assert samples[3].rows == (RowRange(70, 6, Phase.GENERATED),)


def test_rows_for_each_item_go_on_pass_by_pass(publishers):
    p = publishers()
    model = Net()
    tap = watch(model, p, "fc")
    with tap.requests("r"):
        model(torch.rand(1, 1, 28, 28))
        model(torch.rand(1, 1, 28, 28))
    p.close()

    told = [(s.samples[0].part, s.samples[0].last) for s in p.fake.snapshots()]
    assert told == [(0, False), (1, True)]


def test_an_error_of_the_model_is_the_model_s(publishers):
    p = publishers()
    model = Transformer()
    watch(model, p)
    with pytest.raises(IndexError):
        model(torch.full((1, 2), 99))
    model(ids(1, 2))
    p.close()

    assert len(p.fake.snapshots()) == 1


def test_errors_of_the_tap_do_not_reach_the_model(publishers, caplog):
    p = publishers()
    model = Transformer()
    tap = watch(model, p)
    with tap.requests("a", "b"):
        assert model(ids(3, 2)).shape == (3, 5)
    p.submit = None
    assert model(ids(1, 2)).shape == (1, 5)

    assert "3 items for 2 requests" in caplog.text
    assert "could not be sent" in caplog.text


def test_direct_calls_of_forward(publishers):
    p = publishers()
    model = Transformer()
    watch(model, p)
    model.forward(ids(2, 3))
    p.close()

    assert len(p.fake.snapshots()[0].samples) == 2


def test_removed_hooks_leave_no_trace(publishers):
    p = publishers()
    model = Transformer()
    before = copy.deepcopy(model.__dict__)
    tap = watch(model, p)
    tap.remove()
    model(ids(1, 2))
    p.close()

    assert p.fake.snapshots() == []
    assert model.__dict__.keys() == before.keys()
    assert all(not m._forward_hooks for m in model.modules())


def test_many_threads_do_not_mix(publishers):
    p = publishers()
    model = nn.Sequential(nn.Identity(), nn.Linear(4, 4)).eval()
    tap = watch(model, p, ["0", "1"])

    def serve(t):
        for i in range(50):
            with torch.no_grad(), tap.requests(f"{t}-{i}"):
                model(torch.full((1, 4), float(t * 1000 + i)))

    threads = [threading.Thread(target=serve, args=(t,)) for t in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    p.close()

    snapshots = p.fake.snapshots()
    assert len(snapshots) == 400
    for s in snapshots:
        t, i = map(int, s.samples[0].id.split("-"))
        assert s.layers[0].data.tolist() == [[float(t * 1000 + i)] * 4]


def test_names_are_checked(publishers):
    with pytest.raises(ValueError, match=r"no module matches 'block\.\*'; modules are embed"):
        watch(Transformer(), publishers(), "block.*")
    with pytest.raises(ValueError, match="tokens must be all or last"):
        watch(Transformer(), publishers(), tokens="first")
    with pytest.raises(ValueError, match="maps must be"):
        watch(Transformer(), publishers(), maps="max")
    with pytest.raises(ValueError, match="no layer to choose"):
        watch(nn.Sequential(nn.ReLU()), publishers())


@pytest.mark.skipif(not hasattr(torch, "compile"), reason="torch 2 compiles, this is older")
@pytest.mark.parametrize("first", ["watch", "compile"])
def test_compiled_models(publishers, first):
    p = publishers()
    model = Transformer().eval()
    if first == "watch":
        watch(model, p)
        compiled = torch.compile(model, backend="eager")
    else:
        compiled = torch.compile(model, backend="eager")
        watch(compiled, p)
    x = ids(2, 3)
    with torch.no_grad():
        for _ in range(3):
            compiled(x)
    p.close()

    snapshots = p.fake.snapshots()
    assert len(snapshots) == 3
    assert snapshots[0].layers[0].name == "embed"
    expected = model.embed(x).detach().reshape(-1, 8)
    assert all(s.layers[0].data.tolist() == expected.tolist() for s in snapshots)
