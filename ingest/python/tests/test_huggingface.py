"""Transformers with random weights."""

import warnings

import pytest

from spectrawatch_tap import Phase, Request, RowRange, huggingface

torch = pytest.importorskip("torch", reason="torch is not installed")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")
torch.manual_seed(3)


@pytest.fixture
def gpt():
    config = transformers.GPT2Config(
        n_layer=3, n_head=2, n_embd=16, vocab_size=64, n_positions=128,
        bos_token_id=0, eos_token_id=1, pad_token_id=2,
    )  # fmt: skip
    return transformers.GPT2LMHeadModel(config).eval()


def generate(model, ids, mask=None, **options):
    mask = torch.ones_like(ids) if mask is None else mask
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return model.generate(ids, attention_mask=mask, do_sample=False, **options)


def test_a_generation_is_prompt_and_generated_parts(publishers, gpt):
    p = publishers()
    tap = huggingface.watch(gpt, p)
    ids = torch.randint(3, 64, (1, 7))
    with tap.requests(Request("r", session="chat")):
        out = generate(gpt, ids, max_new_tokens=40, min_new_tokens=40)
    p.close()

    snapshots = p.fake.snapshots()
    samples = [s.samples[0] for s in snapshots]
    assert {(s.id, s.session) for s in samples} == {("r", "chat")}
    assert [(s.part, s.last) for s in samples] == [(0, False), (1, False), (2, True)]
    assert samples[0].rows == (RowRange(0, 7, Phase.PROMPT),)
    assert samples[1].rows == (RowRange(7, 32, Phase.GENERATED),)
    assert samples[2].rows == (RowRange(39, 7, Phase.GENERATED),)
    name = "transformer.h.2"
    rows = [row for s in snapshots for x in s.layers if x.name == name for row in x.data]
    with torch.no_grad():
        # The last token of all was returned, and never went in.
        gpt_states = {}
        hook = gpt.transformer.h[2].register_forward_hook(
            lambda m, i, o: gpt_states.update(x=o[0] if isinstance(o, tuple) else o)
        )
        gpt.transformer(out[:, :-1])
        hook.remove()
    whole = torch.from_numpy(__import__("numpy").stack(rows))
    assert whole.shape == (46, 16)
    assert torch.allclose(whole, gpt_states["x"][0], atol=1e-5)


def test_padding_and_ends_in_a_batch(publishers, gpt):
    p = publishers()
    tap = huggingface.watch(gpt, p, "transformer.h.1")
    ids = torch.randint(3, 64, (2, 5))
    mask = torch.tensor([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1]])

    def ends_early(batch, tokens):
        # The second request ends with its third token, the first goes on.
        made = len(tokens) - 5
        return [1] if batch == 1 and made == 2 else [5]

    with tap.requests("a", "b"):
        generate(gpt, ids, mask, max_new_tokens=8, prefix_allowed_tokens_fn=ends_early)
    p.close()

    first, second = ([s.samples[i] for s in p.fake.snapshots()] for i in (0, 1))
    assert first[0].rows == (RowRange(0, 5, Phase.PROMPT),)
    assert second[0].rows == (RowRange(0, 3, Phase.PROMPT),)
    assert first[1].rows == (RowRange(5, 7, Phase.GENERATED),)
    assert second[1].rows == (RowRange(3, 3, Phase.GENERATED),)
    assert all(s[-1].last for s in (first, second))


def test_requests_that_nobody_names(publishers, gpt):
    p = publishers()
    tap = huggingface.watch(gpt, p)
    generate(gpt, torch.randint(3, 64, (2, 4)), max_new_tokens=3)
    tap.remove()
    generate(gpt, torch.randint(3, 64, (2, 4)), max_new_tokens=3)
    p.close()

    snapshots = p.fake.snapshots()
    assert len(snapshots) == 2
    assert [s.id for s in snapshots[0].samples] == [s.id for s in snapshots[1].samples]
    assert len({s.id for s in snapshots[0].samples}) == 2


def test_an_encoder_is_one_pass_a_request(publishers):
    p = publishers()
    config = transformers.BertConfig(
        num_hidden_layers=2, num_attention_heads=2, hidden_size=16,
        intermediate_size=32, vocab_size=64,
    )  # fmt: skip
    model = transformers.BertModel(config).eval()
    tap = huggingface.watch(model, p)
    names = [c.name for c in tap.tap.layers]
    mask = torch.tensor([[1, 1, 1, 0]])
    with torch.no_grad(), tap.requests("r"):
        states = model(input_ids=torch.tensor([[5, 6, 7, 0]]), attention_mask=mask)
    p.close()

    assert names[:3] == ["embeddings", "encoder.layer.0", "encoder.layer.1"]
    (snapshot,) = p.fake.snapshots()
    assert snapshot.samples[0].rows[0].rows == 3
    by_name = {x.name: x.data for x in snapshot.layers}
    assert torch.equal(
        torch.from_numpy(by_name["encoder.layer.1"].copy()), states.last_hidden_state[0, :3]
    )
