package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides what goes into which record, so that none becomes larger than it may be: as many whole
 * samples as fit, and a sample that does not fit alone in as few parts as do. All sizes are upper
 * bounds, in bytes.
 */
final class RecordPlan {

    /** Avro writes an int in at most five bytes; lengths, indices and union branches are such. */
    private static final int INT_BYTES = 5;

    /** A record's or a layer's own fields, beside its texts and data. */
    private static final int FIELD_BYTES = 64;

    /** A sample's own fields, beside its texts. */
    private static final int SAMPLE_BYTES = 96;

    /** Position, rows and phase, and the head of an array. */
    private static final int RANGE_BYTES = 24;

    private final CaptureSettings settings;
    private final List<TappedOutput> taps;
    private final long fixed;
    private final int maxBytes;

    /**
     * @param maxBytes of a record
     */
    RecordPlan(
            CaptureSettings settings, String modelDigest, List<TappedOutput> taps, int maxBytes) {
        this.settings = settings;
        this.maxBytes = maxBytes;
        this.taps = taps;
        long bytes =
                FIELD_BYTES
                        + utf8(settings.modelId())
                        + utf8(settings.modelVersion())
                        + utf8(modelDigest)
                        + utf8(settings.captureId());
        for (TappedOutput tap : taps) {
            bytes += FIELD_BYTES + utf8(tap.tensor()) + utf8(tap.tap());
        }
        this.fixed = bytes;
    }

    /**
     * The records of a forward pass, in order.
     *
     * @throws CaptureException if one row of a sample does not fit into a record
     */
    List<Cut> cuts(List<Sample> samples, PassRows rows) {
        List<Cut> cuts = new ArrayList<>();
        int from = 0;
        long size = fixed;
        for (int i = 0; i < samples.size(); i++) {
            long more = bytes(samples.get(i), rows, Cut.ofWholes(i, i + 1));
            if (size + more > maxBytes && from < i) {
                cuts.add(Cut.ofWholes(from, i));
                from = i;
                size = fixed;
            }
            if (size + more > maxBytes) {
                cuts.addAll(parts(samples.get(i), rows, i));
                from = i + 1;
            } else {
                size += more;
            }
        }
        if (from < samples.size()) {
            cuts.add(Cut.ofWholes(from, samples.size()));
        }
        return cuts;
    }

    private List<Cut> parts(Sample sample, PassRows rows, int index) {
        int most = rows.most(index);
        long all = bytes(sample, rows, Cut.ofWholes(index, index + 1));
        long count = Math.max(2, all / Math.max(1, maxBytes - fixed));
        for (; count <= most; count++) {
            List<Cut> cuts = new ArrayList<>();
            for (int part = 0; part < count; part++) {
                Cut cut = new Cut(index, index + 1, part, (int) count);
                if (fixed + bytes(sample, rows, cut) > maxBytes) {
                    break;
                }
                cuts.add(cut);
            }
            if (cuts.size() == count) {
                return cuts;
            }
        }
        throw new CaptureException(
                "sample '"
                        + sample.getId()
                        + "' needs "
                        + (fixed + all)
                        + " bytes in rows of which each must fit into a record, which may have "
                        + maxBytes
                        + "; take fewer layers, a 16-bit type, or of feature maps the means or"
                        + " a row per position");
    }

    /** What a sample adds to a record. */
    private long bytes(Sample sample, PassRows rows, Cut cut) {
        long bytes = SAMPLE_BYTES + utf8(sample.getId()) + utf8(sample.getClient());
        bytes += utf8(sample.getTenant()) + utf8(sample.getSession());
        bytes += utf8(sample.getTraceId()) + utf8(sample.getSpanId());
        for (Map.Entry<String, String> each : sample.getAttributes().entrySet()) {
            bytes += 2 * INT_BYTES + utf8(each.getKey()) + utf8(each.getValue());
        }
        for (int t = 0; t < taps.size(); t++) {
            LayerRows layer = rows.layers().get(t);
            ElementType type = taps.get(t).elementType(settings.elementType());
            long perRow = (long) layer.columns() * RowEncoder.bytes(type);
            perRow += rows.ranged() ? 0 : INT_BYTES;
            bytes += perRow * (cut.end(layer) - cut.first(layer));
        }
        if (rows.ranged()) {
            long ranges = rows.lead().ranges(cut.first(rows.lead()), cut.end(rows.lead()));
            bytes += RANGE_BYTES * (1 + ranges);
        }
        return bytes;
    }

    private static long utf8(String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
