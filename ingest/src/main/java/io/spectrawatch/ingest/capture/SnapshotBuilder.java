package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Makes snapshots out of the rows of a forward pass: several where one record would be too large,
 * split between samples and, where a sample does not fit alone, between its rows.
 */
final class SnapshotBuilder {

    private final CaptureSettings settings;
    private final String modelDigest;
    private final List<TappedOutput> taps;
    private final RecordPlan plan;
    private final LayerLosses[] losses;

    SnapshotBuilder(CaptureSettings settings, String modelDigest, List<TappedOutput> taps) {
        this(settings, modelDigest, taps, Topics.MAX_RECORD_BYTES);
    }

    SnapshotBuilder(
            CaptureSettings settings, String modelDigest, List<TappedOutput> taps, int maxBytes) {
        this.settings = settings;
        this.modelDigest = modelDigest;
        this.taps = taps;
        this.plan = new RecordPlan(settings, modelDigest, taps, maxBytes);
        this.losses = new LayerLosses[taps.size()];
        for (int tap = 0; tap < losses.length; tap++) {
            losses[tap] = new LayerLosses(taps.get(tap).tensor(), 0, 0, 0);
        }
    }

    /** What could not be encoded so far, per layer in the order of the chain. */
    List<LayerLosses> losses() {
        return List.of(losses);
    }

    /**
     * Decides how the pass is split; each snapshot is made when it is asked for, so that a long
     * sample is not encoded as a whole.
     *
     * @param sequence gives the next sequence number, one per snapshot
     * @throws CaptureException if one row of a sample does not fit into a record, or a sample says
     *     that it is a part already
     */
    Iterator<ActivationSnapshot> build(
            List<Sample> samples, List<LayerRows> layers, long capturedAt, LongSupplier sequence) {
        requireWhole(samples);
        PassRows rows = PassRows.of(layers);
        return plan.cuts(samples, rows).stream()
                .map(cut -> snapshot(samples, rows, cut, capturedAt, sequence.getAsLong()))
                .iterator();
    }

    private static void requireWhole(List<Sample> samples) {
        for (Sample sample : samples) {
            if (sample.getPart() != 0 || !sample.getLast() || sample.getRows() != null) {
                throw new CaptureException(
                        "sample '"
                                + sample.getId()
                                + "' must be whole, which is part 0 and the last, without rows;"
                                + " found part "
                                + sample.getPart()
                                + (sample.getLast() ? ", the last" : ", not the last"));
            }
        }
    }

    private ActivationSnapshot snapshot(
            List<Sample> samples, PassRows rows, Cut cut, long capturedAt, long sequence) {
        List<Sample> own = new ArrayList<>();
        for (int i = cut.from(); i < cut.to(); i++) {
            own.add(part(samples.get(i), cut, rows.ranges(cut, i)));
        }
        List<Layer> parts = new ArrayList<>();
        for (int tap = 0; tap < taps.size(); tap++) {
            LayerRows layer = rows.layers().get(tap);
            // A part has no row of a layer with few: it does without the layer.
            if (cut.whole() || cut.first(layer) < cut.end(layer)) {
                parts.add(layer(tap, rows, cut));
            }
        }
        return new ActivationSnapshot(
                settings.modelId(),
                settings.modelVersion(),
                modelDigest,
                settings.captureId(),
                sequence,
                capturedAt,
                own,
                parts);
    }

    private static Sample part(Sample sample, Cut cut, List<RowRange> rows) {
        return new Sample(
                sample.getId(),
                sample.getClient(),
                sample.getTenant(),
                sample.getSamplingWeight(),
                cut.part(),
                cut.last(),
                sample.getSession(),
                sample.getTraceId(),
                sample.getSpanId(),
                sample.getAttributes(),
                rows);
    }

    private Layer layer(int tap, PassRows all, Cut cut) {
        LayerRows rows = all.layers().get(tap);
        int firstRow = cut.first(rows);
        int lastRow = cut.end(rows);
        int from = Math.multiplyExact(firstRow, rows.columns());
        int to = Math.multiplyExact(lastRow, rows.columns());
        ElementType type = taps.get(tap).elementType(settings.elementType());
        count(tap, rows.values(), from, to, type);
        return new Layer(
                taps.get(tap).tensor(),
                tap,
                taps.get(tap).role(),
                lastRow - firstRow,
                rows.columns(),
                type,
                all.ranged() ? null : rowSample(rows, cut),
                RowEncoder.encode(rows.values(), from, to, type),
                taps.get(tap).tap(),
                all.isPerSample(rows));
    }

    private void count(int tap, float[] values, int from, int to, ElementType type) {
        losses[tap] =
                losses[tap].plus(
                        to - from,
                        RowEncoder.overflows(values, from, to, type),
                        RowEncoder.notFinite(values, from, to));
    }

    /** By row the sample within the record; null where that is the row. */
    private static List<Integer> rowSample(LayerRows rows, Cut cut) {
        if (!cut.whole()) {
            int count = cut.end(rows) - cut.first(rows);
            return count == 1 ? null : Collections.nCopies(count, 0);
        }
        if (rows.isOnePerSample(cut.from(), cut.to())) {
            return null;
        }
        List<Integer> rowSample = new ArrayList<>(cut.end(rows) - cut.first(rows));
        for (int i = cut.from(); i < cut.to(); i++) {
            for (int row = 0; row < rows.rows(i); row++) {
                rowSample.add(i - cut.from());
            }
        }
        return rowSample;
    }
}
