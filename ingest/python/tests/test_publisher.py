"""What a publisher does with rows, room, errors and forks."""

import os
import threading

import numpy as np
import pytest
from fake_kafka import FakeProducer

from spectrawatch_tap import Layer, Model, Phase, Publisher, Request, RowRange, SampleRows
from spectrawatch_tap.wire import MAX_RECORD_BYTES, decode

MODEL = Model("m", "1", "0a" * 32)
MIB = 1024 * 1024


def publisher(**settings):
    fakes = []

    def new(options):
        fakes.append(FakeProducer(options))
        return fakes[-1]

    made = Publisher("nowhere:9092", MODEL, producer=new, **settings)
    made.fake = fakes[0]
    return made


def one_row(value=0.0, columns=4, name="h"):
    return Layer(name, np.full((1, columns), value, np.float32), 0)


def test_rows_arrive_as_they_are():
    p = publisher()
    rows = np.arange(12, dtype=np.float16).reshape(3, 4)

    assert p.publish([Request(f"r{i}") for i in range(3)], [Layer("h", rows, 0, tap="x")], 5_000)
    p.close()

    topic, value, key, timestamp = p.fake.sent[0]
    snapshot = decode(value)
    assert (topic, key, timestamp) == ("spectrawatch.activations", p.capture_id.encode(), 5)
    assert (snapshot.model_id, snapshot.model_version) == ("m", "1")
    assert (snapshot.capture_id, snapshot.sequence) == (p.capture_id, 0)
    assert snapshot.captured_at == 5_000
    assert [s.id for s in snapshot.samples] == ["r0", "r1", "r2"]
    assert snapshot.layers[0].tap == "x"
    assert snapshot.layers[0].data.tolist() == rows.tolist()
    stats = p.stats()
    assert (stats.published, stats.published_bytes) == (1, len(value))
    assert (stats.dropped, stats.failed, stats.queued, stats.queued_bytes) == (0, 0, 0, 0)


def test_rows_of_many_requests_are_listed():
    p = publisher()
    layer = Layer("h", np.zeros((5, 2), np.float32), 0, counts=[2, 0, 3])

    p.publish([Request("a"), Request("b"), Request("c")], [layer])
    p.close()

    assert p.fake.snapshots()[0].layers[0].row_counts == [2, 0, 3]


def test_a_copy_is_not_changed_by_later_writes():
    p = publisher()
    p.fake.up = False
    rows = np.ones((1, 4), np.float32)

    p.publish([Request("a")], [Layer("h", rows, 0)], copy=True)
    rows[:] = 7
    p.fake.up = True
    p.close()

    assert p.fake.snapshots()[0].layers[0].data.tolist() == [[1, 1, 1, 1]]


def test_without_room_numbers_are_skipped():
    p = publisher(max_bytes=8 * MIB)
    p.fake.up = False
    columns = MIB  # 4 MiB a row
    taken = [p.publish([Request(str(i))], [one_row(i, columns)]) for i in range(5)]
    p.fake.up = True
    p.flush()
    p.publish([Request("later")], [one_row(9.0, columns)])
    p.close()

    assert taken.count(False) == p.stats().dropped >= 3
    numbers = [s.sequence for s in p.fake.snapshots()]
    assert len(numbers) == len(set(numbers)) == 6 - p.stats().dropped
    assert numbers[-1] == 5
    assert p.fake.snapshots()[-1].samples[0].id == "later"


def test_a_long_request_goes_on_in_parts():
    p = publisher()
    columns, rows = 1024, 5000  # 19.5 MiB
    data = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    ranges = (RowRange(0, 3000, Phase.PROMPT), RowRange(3000, 2000, Phase.GENERATED))
    pooled = Layer("pooled", np.ones((1, 3), np.float32), 1, counts=[1])

    p.publish([SampleRows(Request("r"), ranges)], [Layer("h", data, 0), pooled])
    p.close()

    snapshots = p.fake.snapshots()
    samples = [s.samples[0] for s in snapshots]
    assert [s.part for s in samples] == list(range(len(samples)))
    assert [s.last for s in samples] == [False] * (len(samples) - 1) + [True]
    assert all(len(value) <= MAX_RECORD_BYTES for _, value, _, _ in p.fake.sent)
    assert len(snapshots) == 3
    assert np.concatenate([s.layers[0].data for s in snapshots]).tolist() == data.tolist()
    assert [len(s.layers) for s in snapshots] == [1, 1, 2]
    assert snapshots[-1].layers[1].per_sample
    place = 0
    for s in samples:
        for r in s.rows:
            assert r.position == place
            assert r.phase == (Phase.PROMPT if place < 3000 else Phase.GENERATED)
            place += r.rows
    assert place == rows


def test_large_batches_are_split_between_requests():
    p = publisher()
    data = np.zeros((20, MIB // 4), np.float32)  # 1 MiB a row

    p.publish([Request(str(i)) for i in range(20)], [Layer("h", data, 0)])
    p.close()

    assert [len(s.samples) for s in p.fake.snapshots()] == [7, 7, 6]
    assert [s.sequence for s in p.fake.snapshots()] == [0, 1, 2]
    assert all(s.part == 0 and s.last for r in p.fake.snapshots() for s in r.samples)


def test_parts_are_numbered_over_batches():
    p = publisher()
    for i in range(3):
        rows = (RowRange(i, 1),)
        p.publish([SampleRows(Request("r"), rows, first=i == 0, last=i == 2)], [one_row()])
    p.publish([SampleRows(Request("r"), (RowRange(0, 1),))], [one_row()])
    p.close()

    told = [(s.samples[0].part, s.samples[0].last) for s in p.fake.snapshots()]
    assert told == [(0, False), (1, False), (2, True), (0, True)]


def test_a_part_without_room_leaves_its_number():
    p = publisher(max_bytes=8 * MIB)
    p.publish([SampleRows(Request("r"), (RowRange(0, 1),), last=False)], [one_row()])
    p.flush()
    p.fake.up = False
    p.publish([Request("large")], [one_row(0, 2 * MIB - 1024)])
    lost = SampleRows(Request("r"), (RowRange(1, 1),), first=False, last=False)
    while p.publish([lost], [one_row(0, MIB)]):
        pass
    p.fake.up = True
    p.flush()
    p.publish([SampleRows(Request("r"), (RowRange(2, 1),), first=False)], [one_row()])
    p.close()

    parts = [s.part for r in p.fake.snapshots() for s in r.samples if s.id == "r"]
    assert parts[0] == 0
    assert parts[-1] == len(parts) + p.stats().dropped - 1


def test_a_share_of_the_requests_is_kept_with_its_weight():
    p = publisher(sampling=0.25)
    for i in range(400):
        p.publish([Request(f"r{i}"), Request(f"q{i}")], [Layer("h", np.full((2, 1), i, "f4"), 0)])
    p.close()

    samples = [s for r in p.fake.snapshots() for s in r.samples]
    assert 140 < len(samples) < 260
    assert p.stats().sampled_out == 800 - len(samples)
    assert {s.sampling_weight for s in samples} == {4.0}
    again = publisher(sampling=0.25)
    assert all(again.keeps(s.id) for s in samples)


def test_errors_of_the_broker_are_counted():
    p = publisher()
    p.fake.error = "refused"
    p.publish([Request("a")], [one_row()])
    p.flush()
    p.fake.error = "produce"
    p.publish([Request("b")], [one_row()])
    p.flush()
    p.fake.error = None
    p.publish([Request("c")], [one_row()])
    p.close()

    assert (p.stats().failed, p.stats().published) == (2, 1)
    assert p.fake.snapshots()[0].sequence == 2


@pytest.mark.parametrize(
    "layers",
    [
        [],
        [Layer("h", np.zeros((2, 4), np.float32), 0)],
        [Layer("h", np.zeros(4, np.float32), 0)],
        [Layer("h", np.zeros((1, 4 * MIB), np.float32), 0)],
        [Layer("h", "no array", 0)],
    ],
)
def test_rows_that_fit_no_record_do_not_raise(layers):
    p = publisher()
    p.publish([Request("a")], layers)
    p.publish([Request("b")], [one_row()])
    p.close()

    assert p.stats().invalid == 1
    assert [s.samples[0].id for s in p.fake.snapshots()] == ["b"]


def test_fields_that_ingest_would_refuse_are_left_out():
    p = publisher()
    many = {f"name{i:02}": "v" for i in range(20)}
    odd = [
        Request("", client=" ", session="x" * 257, trace_id="0" * 32, span_id="1" * 16),
        Request("b" * 300, attributes={"not allowed!": "v", "ok": "v"}),
        Request("c", attributes=many),
        Request("d", span_id="1" * 16),
    ]
    p.publish(odd, [Layer("h", np.zeros((4, 1), np.float32), 0)])
    p.close()

    first, second, third, fourth = p.fake.snapshots()[0].samples
    assert len(first.id) == 32
    assert first.client is first.session is first.trace_id is first.span_id is None
    assert len(second.id) == 32
    assert second.attributes == {"ok": "v"}
    assert len(third.attributes) == 16
    assert fourth.span_id is None
    assert p.stats().mended == 4


def test_a_trace_header_names_the_request():
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    request = Request.of_trace(f"00-{trace}-00f067aa0ba902b7-01", client="c")

    assert (request.id, request.trace_id) == (trace, trace)
    assert (request.span_id, request.client) == ("00f067aa0ba902b7", "c")
    for header in (None, "", "nonsense", f"00-{'0' * 32}-{'1' * 16}-01"):
        assert Request.of_trace(header).trace_id is None
        assert len(Request.of_trace(header).id) == 32


def test_closing_does_not_wait_for_ever():
    p = publisher()
    p.fake.up = False
    p.publish([Request("a")], [one_row()])
    p.close(timeout=0.1)

    assert p.stats().failed == 1
    assert p.stats().queued_bytes == 0
    assert not p.publish([Request("b")], [one_row()])
    assert p.stats().dropped == 1


def test_a_full_producer_is_waited_for():
    p = publisher()
    p.fake.full = True
    p.publish([Request("a")], [one_row()])
    assert not p.flush(0.1)
    p.fake.full = False
    assert p.flush()
    p.close()
    assert p.stats().published == 1


def test_many_threads():
    p = publisher()

    def send(t):
        for i in range(200):
            p.publish([Request(f"{t}-{i}")], [one_row(t)])

    threads = [threading.Thread(target=send, args=(t,)) for t in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    p.close()

    snapshots = p.fake.snapshots()
    assert [s.sequence for s in snapshots] == list(range(1600))
    assert len({s.samples[0].id for s in snapshots}) == 1600


def test_a_forked_child_is_a_capture_of_its_own():
    p = publisher()
    p.fake.up = False
    p.publish([Request("parent")], [one_row()])
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        p.publish([Request("child")], [one_row()])
        p.flush()
        producer = p._producer._producer
        ids = ",".join(s.samples[0].id for s in producer.snapshots())
        os.write(write, f"{p.capture_id} {ids} {p.stats().published}".encode())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    capture_id, ids, published = os.read(read, 1000).decode().split()
    p.fake.up = True
    p.close()

    assert capture_id != p.capture_id
    assert (ids, published) == ("child", "1")
    assert [s.samples[0].id for s in p.fake.snapshots()] == ["parent"]


def test_settings_are_checked_at_once():
    with pytest.raises(ValueError, match=r"bootstrap\.servers is missing"):
        Publisher({}, MODEL, producer=FakeProducer)
    with pytest.raises(ValueError, match="share of requests"):
        publisher(sampling=0)
    with pytest.raises(ValueError, match="max_bytes must hold"):
        publisher(max_bytes=1)
    with pytest.raises(ValueError, match="64 lower-case hexadecimal"):
        Model("m", "1", "sha256:ab")
    with pytest.raises(Exception, match="no\\.such\\.option"):
        Publisher({"bootstrap.servers": "x:1", "no.such.option": "1"}, MODEL)


def test_options_of_kafka_win_over_ours():
    p = Publisher(
        {"bootstrap.servers": "x:1", "acks": "1", "sasl.mechanism": "PLAIN"},
        MODEL,
        producer=FakeProducer,
    )
    options = p._producer.options
    assert (options["acks"], options["sasl.mechanism"]) == ("1", "PLAIN")
    assert options["partitioner"] == "murmur2_random"
    p.close()


def test_counts_for_prometheus():
    prometheus_client = pytest.importorskip("prometheus_client")
    from spectrawatch_tap.prometheus import register

    registry = prometheus_client.CollectorRegistry()
    p = publisher()
    register(p, registry)
    p.publish([Request("a")], [one_row()])
    p.close()

    labels = {"model": "m", "version": "1"}
    assert registry.get_sample_value("spectrawatch_tap_published_total", labels) == 1
    assert registry.get_sample_value("spectrawatch_tap_queued_bytes", labels) == 0
