package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Makes snapshots out of the rows of a forward pass, split by samples where one record would be too
 * large.
 */
final class SnapshotBuilder {

    /** Avro writes an int in at most five bytes; lengths, indices and union branches are such. */
    private static final int INT_BYTES = 5;

    /** Bytes of a record's or a layer's own fields beside its texts and data. */
    private static final int FIELD_BYTES = 64;

    private final CaptureSettings settings;
    private final String modelDigest;
    private final List<TappedOutput> taps;
    private final int maxBytes;
    private final LayerLosses[] losses;

    SnapshotBuilder(CaptureSettings settings, String modelDigest, List<TappedOutput> taps) {
        this(settings, modelDigest, taps, Topics.MAX_RECORD_BYTES);
    }

    SnapshotBuilder(
            CaptureSettings settings, String modelDigest, List<TappedOutput> taps, int maxBytes) {
        this.settings = settings;
        this.modelDigest = modelDigest;
        this.taps = taps;
        this.maxBytes = maxBytes;
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
     * @param sequence gives the next sequence number, one per snapshot
     * @throws CaptureException if one sample alone does not fit into a record
     */
    List<ActivationSnapshot> build(
            List<Sample> samples, List<LayerRows> layers, long capturedAt, LongSupplier sequence) {
        List<Integer> cuts = cuts(samples, layers);
        List<ActivationSnapshot> snapshots = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            int from = cuts.get(i);
            int to = cuts.get(i + 1);
            List<Layer> parts = new ArrayList<>();
            for (int tap = 0; tap < taps.size(); tap++) {
                parts.add(layer(tap, layers.get(tap), from, to));
            }
            snapshots.add(
                    new ActivationSnapshot(
                            settings.modelId(),
                            settings.modelVersion(),
                            modelDigest,
                            settings.captureId(),
                            sequence.getAsLong(),
                            capturedAt,
                            List.copyOf(samples.subList(from, to)),
                            parts));
        }
        return snapshots;
    }

    /**
     * First samples of the snapshots, and the number of samples; decided before anything is built.
     */
    private List<Integer> cuts(List<Sample> samples, List<LayerRows> layers) {
        long fixed = fixedBytes();
        List<Integer> cuts = new ArrayList<>();
        cuts.add(0);
        long size = fixed;
        for (int i = 0; i < samples.size(); i++) {
            long more = sampleBytes(samples.get(i), layers, i);
            if (fixed + more > maxBytes) {
                throw new CaptureException(
                        "sample '"
                                + samples.get(i).getId()
                                + "' needs a record of "
                                + (fixed + more)
                                + " bytes, a record may have "
                                + maxBytes
                                + "; take fewer rows per sample, fewer layers or a 16-bit type");
            }
            if (size + more > maxBytes) {
                cuts.add(i);
                size = fixed;
            }
            size += more;
        }
        cuts.add(samples.size());
        return cuts;
    }

    private Layer layer(int tap, LayerRows rows, int from, int to) {
        int firstRow = rows.firstRow()[from];
        int lastRow = rows.firstRow()[to];
        count(tap, rows.values(), firstRow * rows.columns(), lastRow * rows.columns());
        return new Layer(
                taps.get(tap).tensor(),
                tap,
                taps.get(tap).role(),
                lastRow - firstRow,
                rows.columns(),
                settings.elementType(),
                rows.isOnePerSample(from, to) ? null : rowSample(rows, from, to),
                RowEncoder.encode(
                        rows.values(),
                        firstRow * rows.columns(),
                        lastRow * rows.columns(),
                        settings.elementType()),
                null,
                false);
    }

    private void count(int tap, float[] values, int from, int to) {
        losses[tap] =
                losses[tap].plus(
                        to - from,
                        RowEncoder.overflows(values, from, to, settings.elementType()),
                        RowEncoder.notFinite(values, from, to));
    }

    private static List<Integer> rowSample(LayerRows rows, int from, int to) {
        List<Integer> rowSample = new ArrayList<>(rows.firstRow()[to] - rows.firstRow()[from]);
        for (int i = from; i < to; i++) {
            for (int row = 0; row < rows.rows(i); row++) {
                rowSample.add(i - from);
            }
        }
        return rowSample;
    }

    /** An upper bound of what a record needs without any sample. */
    private long fixedBytes() {
        long bytes =
                FIELD_BYTES
                        + utf8(settings.modelId())
                        + utf8(settings.modelVersion())
                        + utf8(modelDigest)
                        + utf8(settings.captureId());
        for (TappedOutput tap : taps) {
            bytes += FIELD_BYTES + utf8(tap.tensor());
        }
        return bytes;
    }

    /** An upper bound of what one sample adds. */
    private long sampleBytes(Sample sample, List<LayerRows> layers, int index) {
        long bytes =
                FIELD_BYTES
                        + utf8(sample.getId())
                        + utf8(sample.getClient())
                        + utf8(sample.getTenant());
        for (LayerRows layer : layers) {
            long perRow =
                    (long) layer.columns() * RowEncoder.bytes(settings.elementType()) + INT_BYTES;
            bytes += layer.rows(index) * perRow;
        }
        return bytes;
    }

    private static long utf8(String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
