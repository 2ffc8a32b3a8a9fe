package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.SampleScores;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
    private final Map<Integer, ShardPlace> shards = new HashMap<>();
    private long samples;
    private long found;
    private long incomplete;

    void accept(SampleScores each) {
        if (isRepeated(each)) {
            return;
        }
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

        private final Set<String> atOffset = new HashSet<>();
        private long offset = -1;
        private long latest = Long.MIN_VALUE;

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
