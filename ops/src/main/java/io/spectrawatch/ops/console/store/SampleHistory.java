package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The last samples of a model: how their scores are spread, and those that were called something.
 */
public final class SampleHistory {

    /** Samples whose p-values are counted. */
    private static final int MOST_SCORES = 5_000;

    /** Findings and pairs that are listed. */
    private static final int MOST_LISTED = 200;

    /** Names of scores that are told apart. */
    private static final int MOST_NAMES = 50;

    private static final long MINUTE_MICROS = 60_000_000L;

    /** Columns of the rates: samples, and those with a finding, of each minute. */
    private final Series rates = new Series(Series.Column.SUM, Series.Column.SUM);

    /** Columns of the exceedances: samples, and those beyond the tolerance limit, of each pane. */
    private final Series exceedances = new Series(Series.Column.SUM, Series.Column.SUM);

    private final double[] scores = new double[MOST_SCORES];
    private final Deque<SampleScores> findings = new ArrayDeque<>();
    private final Deque<SampleScores> pairs = new ArrayDeque<>();
    private final Map<String, Long> loudest = new TreeMap<>();
    private final Map<Integer, ShardPlace> shards = new TreeMap<>();
    private long samples;
    private long found;
    private long incomplete;
    private boolean changed;

    void write(ByteWriter out) {
        rates.write(out);
        exceedances.write(out);
        out.int64(samples).int64(found).int64(incomplete);
        out.fp64(Arrays.copyOf(scores, (int) Math.min(samples, MOST_SCORES)));
        write(out, findings);
        write(out, pairs);
        out.int32(loudest.size());
        loudest.forEach((name, count) -> out.text(name).int64(count));
        out.int32(shards.size());
        shards.forEach((shard, place) -> place.write(out.int32(shard)));
    }

    private static void write(ByteWriter out, Deque<SampleScores> kept) {
        out.int32(kept.size());
        kept.forEach(each -> HistoryEntry.record(out, each));
    }

    /** Takes what {@link #write} wrote; this one is empty. */
    void read(ByteReader in) {
        rates.read(in);
        exceedances.read(in);
        samples = in.int64();
        found = in.int64();
        incomplete = in.int64();
        in.require(
                samples >= 0 && found >= 0 && found <= samples && incomplete >= 0,
                "counts from 0",
                samples + ", " + found + ", " + incomplete);
        double[] own = in.fp64(Math.min(samples, MOST_SCORES));
        System.arraycopy(own, 0, scores, 0, own.length);
        read(in, findings);
        read(in, pairs);
        for (int i = in.count(Integer.BYTES + Long.BYTES); i > 0; i--) {
            loudest.put(in.requiredText(), in.int64());
        }
        in.require(
                loudest.size() <= MOST_NAMES, "at most " + MOST_NAMES + " names", loudest.size());
        for (int i = in.count(Integer.BYTES + 2 * Long.BYTES); i > 0; i--) {
            shards.put(in.int32(), ShardPlace.read(in));
        }
    }

    private static void read(ByteReader in, Deque<SampleScores> kept) {
        int size = in.count(1);
        in.require(size <= MOST_LISTED, "at most " + MOST_LISTED + " listed", size);
        for (int i = 0; i < size; i++) {
            SampleScores each = HistoryEntry.record(in, SampleScores.class);
            in.require(each != null, "scores", "none");
            kept.addLast(each);
        }
    }

    /** Whether it has changed since this was asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void accept(SampleScores each) {
        if (isRepeated(each)) {
            return;
        }
        changed = true;
        if (each.getIncomplete() != null) {
            incomplete++;
            return;
        }
        scores[(int) (samples % MOST_SCORES)] = each.getP();
        samples++;
        boolean finding = each.getKind() != null;
        long minute = Math.floorDiv(each.getCapturedAt(), MINUTE_MICROS) * MINUTE_MICROS;
        rates.addInto(minute, minute + MINUTE_MICROS, 1, finding ? 1 : 0);
        if (finding) {
            found++;
            keep(findings, each);
            String name = each.getLoudest();
            if (name != null && (loudest.containsKey(name) || loudest.size() < MOST_NAMES)) {
                loudest.merge(name, 1L, Long::sum);
            }
        }
        if (each.getNearest() != null) {
            keep(pairs, each);
        }
    }

    private boolean isRepeated(SampleScores each) {
        return !shards.computeIfAbsent(each.getShard(), shard -> new ShardPlace()).isNew(each);
    }

    /** A log that is published again has offsets that go back, with times that were seen. */
    private static final class ShardPlace {

        private final Set<String> atOffset = new TreeSet<>();
        private long offset = -1;
        private long latest = Long.MIN_VALUE;

        void write(ByteWriter out) {
            out.int64(offset).int64(latest).int32(atOffset.size());
            atOffset.forEach(out::text);
        }

        static ShardPlace read(ByteReader in) {
            ShardPlace place = new ShardPlace();
            place.offset = in.int64();
            place.latest = in.int64();
            for (int i = in.count(Integer.BYTES); i > 0; i--) {
                place.atOffset.add(in.requiredText());
            }
            return place;
        }

        boolean isNew(SampleScores each) {
            if (each.getOffset() < offset && each.getCapturedAt() <= latest) {
                return false;
            }
            if (each.getOffset() != offset) {
                atOffset.clear();
            }
            offset = each.getOffset();
            latest = Math.max(latest, each.getCapturedAt());
            return atOffset.add(each.getSampleId());
        }
    }

    void accept(AttackEvidence pane) {
        if (pane.getSamples() > 0) {
            changed = true;
            exceedances.add(
                    pane.getPaneStart(),
                    pane.getPaneEnd(),
                    pane.getSamples(),
                    pane.getExceedances());
        }
    }

    private static void keep(Deque<SampleScores> kept, SampleScores each) {
        kept.addFirst(each);
        if (kept.size() > MOST_LISTED) {
            kept.removeLast();
        }
    }

    /** How many of the last samples have a p-value in each of so many equal parts of [0, 1]. */
    public int[] histogram(int bins) {
        int[] counts = new int[bins];
        for (int i = 0; i < Math.min(samples, MOST_SCORES); i++) {
            counts[Math.max(0, Math.min(bins - 1, (int) (scores[i] * bins)))]++;
        }
        return counts;
    }

    public Series rates() {
        return rates;
    }

    /** Samples in the last minute that is over; NaN before one is. */
    public double lastMinute() {
        int point = rates.size() - 2;
        return point < 0 ? Double.NaN : rates.value(0, point);
    }

    public Series exceedances() {
        return exceedances;
    }

    /** The newest first. */
    public List<SampleScores> findings() {
        return new ArrayList<>(findings);
    }

    /** Samples beside a near earlier request of their client, the newest first. */
    public List<SampleScores> pairs() {
        return new ArrayList<>(pairs);
    }

    /** Findings by the score that contributed most. */
    public Map<String, Long> loudest() {
        return loudest;
    }

    /** Whole samples read so far. */
    public long samples() {
        return samples;
    }

    /** Those with a finding. */
    public long found() {
        return found;
    }

    /** Samples that did not come to their end. */
    public long incomplete() {
        return incomplete;
    }
}
