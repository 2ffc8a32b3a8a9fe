"""Texts as counts of n-grams, and what of them is sent."""

import zlib

import golden
import numpy as np
from test_publisher import one_row, publisher

from spectrawatch_tap import Layer, Phase, Request, Role, RowRange, SampleRows
from spectrawatch_tap import text as texts
from spectrawatch_tap.records import ElementType
from spectrawatch_tap.wire import decode


def test_rows_are_those_that_java_makes():
    kept = (golden.GOLDEN / "text-ngrams-1.txt").read_text("ascii")

    assert golden.rows() == kept


def test_a_row_is_counts_of_words_and_of_characters():
    row = texts.ngrams("Ab ab")

    buckets = [zlib.crc32(gram) % 1024 for gram in (b"wab", b"wab ab")]
    assert row.dtype == np.float16
    assert [row[b] for b in buckets] == [2, 1]
    # " ab ab ": 5 of three characters, 4 of four, 3 of five.
    assert row[:1024].sum() == 3
    assert row[1024:].sum() == 12
    assert row[1024 + zlib.crc32(b"c ab") % 1024] >= 2


def test_what_is_no_character_counts_as_a_question_mark():
    assert (texts.ngrams("a\ud800b") == texts.ngrams("a?b")).all()


def test_counts_end_where_float16_holds_them():
    assert texts.ngrams("la " * 5000).max() == 2048


def test_the_text_is_a_layer_before_the_others_and_stays_here():
    p = publisher(text=True)
    rows = np.zeros((2, 4), np.float32)

    p.publish([Request("a", text="Secret words"), Request("b")], [Layer("h", rows, 0)])
    p.close()

    (_, value, _, _) = p.fake.sent[0]
    layers = decode(value).layers
    assert [(x.name, x.index, x.role) for x in layers] == [
        (texts.FORMAT, 0, Role.INPUT),
        ("h", 1, Role.HIDDEN),
    ]
    assert layers[0].tap == texts.FORMAT
    assert layers[0].element_type == ElementType.FLOAT16
    assert (layers[0].data[0] == texts.ngrams("Secret words")).all()
    assert not layers[0].data[1].any()
    assert b"ecret" not in value
    assert "Secret" not in repr(Request("a", text="Secret words"))


def test_beside_tokens_it_is_one_row_a_request():
    p = publisher(text=True)
    samples = [
        SampleRows(Request("a", text="x"), (RowRange(0, 3, Phase.PROMPT),)),
        SampleRows(Request("b", text="y"), (RowRange(0, 1, Phase.PROMPT),)),
    ]

    p.publish(samples, [Layer("h", np.zeros((4, 2), np.float32), 0)])
    p.close()

    text, tokens = decode(p.fake.sent[0][1]).layers
    assert text.per_sample
    assert not tokens.per_sample
    assert len(text.data) == 2


def test_texts_take_room_while_they_wait():
    p = publisher(text=True)
    p.fake.up = False

    p.publish([Request("a", text="x" * 1000)], [one_row()])
    queued = p.stats().queued_bytes

    assert queued >= 1000 + texts.TEXT_BYTES
    p.fake.up = True
    p.close()
    assert p.stats().queued_bytes == 0


def test_without_the_setting_no_text_is_sent():
    p = publisher()

    p.publish([Request("a", text="x")], [one_row()])
    p.close()

    assert [x.name for x in decode(p.fake.sent[0][1]).layers] == ["h"]
