package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.BinaryReader;
import io.spectrawatch.flink.log.BinaryWriter;
import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.spectral.detect.SurgeOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Raises an alert while a pane is still open, once all shards have told a beat that makes the
 * evidence overwhelming; a function of the beats alone. What a merge bucket needs for it is one
 * entry of its state.
 *
 * <pre>
 *   "SWSU", version 1
 *   int32  shards, each int64 last beat
 *   int32  open panes, each as {@link OpenSurge} writes it
 * </pre>
 *
 * <p>A surge is part of the alert of a former one of the same model that came no later and whose
 * pane lies less than the calm panes before it.
 */
final class SurgeWatcher {

    private static final int MAGIC = 0x53575355;
    private static final int VERSION = 1;
    private static final String WHAT = "surges of a bucket";
    private static final String STATE = "surges";
    private static final int LEAST_PANE_BYTES = 64;

    private final SurgeOptions options;
    private final ChunkedState state;
    private final ReplayStart start;
    private final int shards;

    /** A pane of a model, panes first. */
    private record Key(Pane pane, ModelKey model) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::pane).thenComparing(Key::model);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** The entry of the state, for the time of one message. */
    private static final class Bucket {
        private final long[] beats;
        private final TreeMap<Key, OpenSurge> open = new TreeMap<>();

        Bucket(int shards) {
            beats = new long[shards];
            Arrays.fill(beats, Long.MIN_VALUE);
        }

        long complete() {
            return Arrays.stream(beats).min().orElse(Long.MIN_VALUE);
        }
    }

    SurgeWatcher(SurgeOptions options, ChunkedState state, ReplayStart start, int shards) {
        this.options = options;
        this.state = state;
        this.start = start;
        this.shards = shards;
    }

    /** Panes without a surge after which its alert is over, as a span of time. */
    long span(Pane pane) {
        return Math.multiplyExact((long) options.calmPanes(), pane.end() - pane.start());
    }

    void take(PaneBeat beat) throws Exception {
        if (beat.pane().start() < Math.max(start.from(), start.attackStart(beat.model()))) {
            return;
        }
        Bucket bucket = load();
        bucket.open
                .computeIfAbsent(
                        new Key(beat.pane(), beat.model()), k -> OpenSurge.open(beat, options))
                .add(beat);
        store(bucket);
    }

    /**
     * Notes that a shard has told its beats.
     *
     * @param standing where a model's alert stood after its last closed pane
     */
    void take(ShardBeat mark, Function<ModelKey, AttackStanding> standing, RecordSink out)
            throws Exception {
        Bucket bucket = load();
        long before = bucket.complete();
        bucket.beats[mark.shard()] = Math.max(bucket.beats[mark.shard()], mark.beat());
        if (bucket.complete() > before) {
            for (OpenSurge each : bucket.open.values()) {
                settle(each, bucket.complete(), bucket, standing.apply(each.model()), out);
            }
        }
        store(bucket);
    }

    /** Takes a pane that all shards have closed; null if no beat told of it. */
    OpenSurge close(Pane pane, ModelKey model, AttackStanding standing, RecordSink out)
            throws Exception {
        Bucket bucket = load();
        OpenSurge closing = bucket.open.get(new Key(pane, model));
        if (closing != null) {
            settle(closing, Long.MAX_VALUE, bucket, standing, out);
            bucket.open.remove(new Key(pane, model));
            store(bucket);
        }
        return closing;
    }

    private void settle(
            OpenSurge each, long through, Bucket bucket, AttackStanding standing, RecordSink out) {
        if (each.take(through) && !isPartOfAFormer(each, bucket, standing)) {
            each.raise();
            out.send(new AttackRecords(each.pane(), each.model(), each.baselineId()).of(each));
        }
    }

    private boolean isPartOfAFormer(OpenSurge each, Bucket bucket, AttackStanding standing) {
        List<AttackStanding.Fired> former = new ArrayList<>(standing.surges());
        for (OpenSurge other : bucket.open.values()) {
            if (other.fired() && other.model().equals(each.model())) {
                former.add(
                        new AttackStanding.Fired(other.pane().start(), other.surge().lastBeat()));
            }
        }
        return former.stream()
                .anyMatch(
                        other ->
                                other.paneStart() < each.pane().start()
                                        && each.pane().start() - other.paneStart()
                                                < span(each.pane())
                                        && other.beat() <= each.surge().lastBeat());
    }

    private Bucket load() throws Exception {
        Bucket bucket = new Bucket(shards);
        byte[] stored = state.get(STATE);
        if (stored != null) {
            BinaryReader in = new BinaryReader(stored, MAGIC, VERSION, WHAT);
            int beats = in.count(Long.BYTES);
            in.require(beats == shards, "the beats of " + shards + " shards", beats);
            for (int i = 0; i < beats; i++) {
                bucket.beats[i] = in.int64();
            }
            int panes = in.count(LEAST_PANE_BYTES);
            for (int i = 0; i < panes; i++) {
                OpenSurge open = OpenSurge.read(in);
                bucket.open.put(new Key(open.pane(), open.model()), open);
            }
            in.end();
        }
        return bucket;
    }

    private void store(Bucket bucket) throws Exception {
        BinaryWriter out = new BinaryWriter(MAGIC, VERSION, 512 * (1 + bucket.open.size()));
        out.int32(shards);
        for (long beat : bucket.beats) {
            out.int64(beat);
        }
        out.int32(bucket.open.size());
        bucket.open.values().forEach(each -> each.write(out));
        state.put(STATE, out.toBytes());
    }
}
