package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.log.SegmentPieces.Piece;
import io.spectrawatch.flink.monitor.baseline.Detectors;
import io.spectrawatch.flink.monitor.message.ScoreSummary.Unscored;
import io.spectrawatch.flink.monitor.score.OpenSample.Incomplete;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.combine.SampleSums;
import io.spectrawatch.spectral.detect.combine.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Puts the samples of snapshots together from their parts, in log order: what waits to be scored,
 * which samples are open, and which have come to an end. What ends when is decided as the log is
 * read, so that it does not show when rows are scored.
 */
final class SampleIntake {

    private final Detectors.InForce detector;

    /** Whether inputs and images of samples with a client are summed. */
    private final boolean mapped;

    private final SampleBatch batch;
    private final OpenSamples open;
    private final List<OpenSample> ended = new ArrayList<>();

    /** Those of the snapshot that was asked for last; null once it is scored. */
    private SampleRows latest;

    /**
     * @param most samples open at a time
     * @param mapBytes what the sums of inputs and images take, 0 not to sum them
     */
    SampleIntake(Detectors.InForce detector, int most, long mapBytes) {
        this.detector = detector;
        this.mapped = mapBytes > 0;
        this.batch = new SampleBatch(detector.detector().taps(), detector.values());
        this.open = new OpenSamples(most, detector.scorer().sumBytes() + mapBytes);
    }

    OpenSamples open() {
        return open;
    }

    boolean isFull() {
        return batch.rows() >= detector.scorer().blockRows();
    }

    /**
     * Takes the samples of a checked snapshot; those without rows leave no trace where they are
     * whole.
     *
     * @param elsewhere takes a part of a sample that began in another pane
     */
    Taken append(Piece piece, long offset, Predicate<Integer> elsewhere) {
        SampleRows rows = rows(piece);
        ActivationSnapshot snapshot = piece.snapshot();
        List<Sample> samples = snapshot.getSamples();
        boolean parted = false;
        int left = 0;
        for (int s = 0; s < samples.size(); s++) {
            Sample sample = samples.get(s);
            if (isWhole(sample)) {
                if (rows.fit() && rows.rows(s) > 0) {
                    OpenSample own = begin(null, sample, snapshot, offset);
                    batch.add(own, rows, s);
                    ended.add(own.end(null));
                } else if (!rows.fit() && mayHaveRows(sample)) {
                    left++;
                }
                continue;
            }
            parted = true;
            SampleKey key = key(snapshot, s);
            if (sample.getPart() == 0) {
                OpenSample former = open.remove(key);
                if (former != null) {
                    ended.add(former.end(Incomplete.NO_LAST_PART));
                }
                take(begin(key, sample, snapshot, offset), sample, rows, s);
            } else if (!join(piece, s, offset) && !elsewhere.test(s) && open.isNews(key)) {
                OpenSample orphan = begin(key, sample, snapshot, offset);
                ended.add(orphan.end(Incomplete.MISSING_PART));
            }
        }
        return new Taken(rows.fit() && (parted || rows.rows() > 0), rows.reason(), left);
    }

    /**
     * What came of a snapshot.
     *
     * @param scored whether it could be scored
     * @param reason why not; null where its layers could
     * @param left samples that are whole in it and not scored for that reason
     */
    record Taken(boolean scored, Unscored reason, int left) {}

    /** Only where a sample says its rows can it say that it has none. */
    private static boolean mayHaveRows(Sample sample) {
        return sample.getRows() == null || RowMap.rows(sample) > 0;
    }

    private static boolean isWhole(Sample sample) {
        return sample.getPart() == 0 && sample.getLast();
    }

    private static SampleKey key(ActivationSnapshot snapshot, int place) {
        return new SampleKey(snapshot.getCaptureId(), snapshot.getSamples().get(place).getId());
    }

    private OpenSample begin(
            SampleKey key, Sample sample, ActivationSnapshot snapshot, long offset) {
        SampleSums sums = detector.scorer().sums(mapped && sample.getClient() != null);
        // Ranges of rows are of no use any more.
        Sample kept =
                sample.getRows() == null ? sample : Sample.newBuilder(sample).setRows(null).build();
        return new OpenSample(key, kept, snapshot.getCapturedAt(), offset, sums);
    }

    /** Takes a later part, if its sample is open here. */
    boolean join(Piece piece, int place, long offset) {
        ActivationSnapshot snapshot = piece.snapshot();
        OpenSample own = open.get(key(snapshot, place));
        if (own == null) {
            return false;
        }
        Sample part = snapshot.getSamples().get(place);
        own.next(part, offset);
        take(own, part, rows(piece), place);
        return true;
    }

    private void take(OpenSample own, Sample part, SampleRows rows, int place) {
        if (rows.fit()) {
            batch.add(own, rows, place);
        } else if (mayHaveRows(part)) {
            own.miss();
        }
        if (part.getLast()) {
            open.remove(own.key());
            ended.add(own.end(null));
            return;
        }
        open.put(own);
        for (OpenSample gone = open.evict(); gone != null; gone = open.evict()) {
            ended.add(gone.end(Incomplete.EVICTED));
        }
    }

    private SampleRows rows(Piece piece) {
        if (latest == null || latest.snapshot() != piece.snapshot()) {
            latest = SampleRows.of(piece, detector.detector().taps(), detector.taps());
        }
        return latest;
    }

    /** Ends all samples that are open, as their pane closes. */
    void close() {
        open.close().forEach(each -> ended.add(each.end(Incomplete.NO_LAST_PART)));
    }

    /**
     * Scores the rows that wait.
     *
     * @param rows takes what the gain profile is about, null for nobody
     * @return the samples that have ended since the last time, in log order
     */
    List<OpenSample> score(MapRows rows) {
        latest = null;
        if (batch.rows() > 0) {
            Scorer scorer = detector.scorer();
            Scorer.MapRows given =
                    rows == null
                            ? null
                            : (piece, norm, row, images, at) ->
                                    rows.row(batch.sample(piece), norm, row, images, at);
            scorer.add(batch.activations(), batch.sums(), batch.places(), given);
            batch.clear(scorer.readsBefore());
        }
        // A sample that came to its end without any row has nothing to be judged by.
        List<OpenSample> all =
                ended.stream()
                        .filter(each -> each.sums().rows() > 0 || each.ending() != null)
                        .toList();
        ended.clear();
        return all;
    }

    /** Takes what goes into the profiled map and what comes out of it, row by row. */
    @FunctionalInterface
    interface MapRows {
        /** As in the scorer's, with the sample that the row belongs to. */
        void row(OpenSample sample, double norm, double[] row, double[] images, int at);
    }
}
