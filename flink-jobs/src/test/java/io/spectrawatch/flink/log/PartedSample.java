package io.spectrawatch.flink.log;

import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.input.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A sample of the test model in parts, with all that the second version of a snapshot can say.
 *
 * @param number of the part
 * @param from its first row
 * @param to behind its last row
 */
public record PartedSample(Drawn drawn, int number, int from, int to, boolean last) {

    /** Cuts a sample at random places into as many parts, of which some may have no rows. */
    public static List<PartedSample> cut(Drawn drawn, int parts, Random random) {
        int rows = drawn.rows().length;
        int[] cuts = random.ints(parts - 1, 0, rows + 1).sorted().toArray();
        List<PartedSample> cut = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int from = i == 0 ? 0 : cuts[i - 1];
            int to = i == parts - 1 ? rows : cuts[i];
            cut.add(new PartedSample(drawn, i, from, to, i == parts - 1));
        }
        return cut;
    }

    /** The whole sample as one part. */
    public static PartedSample whole(Drawn drawn) {
        return new PartedSample(drawn, 0, 0, drawn.rows().length, true);
    }

    private Sample sample() {
        return Sample.newBuilder()
                .setId(drawn.id())
                .setClient(drawn.client())
                .setPart(number)
                .setLast(last)
                .setSession("session of " + drawn.id())
                .setTraceId(String.format("%032x", 1 + Math.abs((long) drawn.id().hashCode())))
                .setAttributes(Map.of("route", "/chat", "model", "small"))
                .setRows(ranges())
                .build();
    }

    /** The first half is prompt; positions leave a gap between the two. */
    private List<RowRange> ranges() {
        int half = drawn.rows().length / 2;
        List<RowRange> ranges = new ArrayList<>();
        if (from < Math.min(to, half)) {
            ranges.add(new RowRange((long) from, Math.min(to, half) - from, Phase.PROMPT));
        }
        if (Math.max(from, half) < to) {
            int first = Math.max(from, half);
            ranges.add(new RowRange(first + 10L, to - first, Phase.GENERATED));
        }
        return ranges;
    }

    /** A snapshot of parts of samples. */
    public static ActivationSnapshot snapshot(long at, String captureId, List<PartedSample> parts) {
        List<Layer> layers = new ArrayList<>();
        for (int t = 0; t < SampleModel.TAPS.size(); t++) {
            layers.add(layer(t, parts));
        }
        return ActivationSnapshot.newBuilder()
                .setModelId(TestLog.MODEL)
                .setModelVersion(TestLog.VERSION)
                .setModelDigest(TestLog.DIGEST)
                .setCaptureId(captureId)
                .setSequence(at)
                .setCapturedAt(at)
                .setSamples(parts.stream().map(PartedSample::sample).toList())
                .setLayers(layers)
                .build();
    }

    private static Layer layer(int tap, List<PartedSample> parts) {
        Tap own = SampleModel.TAPS.get(tap);
        int rows = parts.stream().mapToInt(each -> each.to() - each.from()).sum();
        float[] values = new float[rows * own.dimension()];
        int at = 0;
        for (PartedSample part : parts) {
            for (int row = part.from(); row < part.to(); row++) {
                float[] from = part.drawn().rows()[row][tap];
                System.arraycopy(from, 0, values, at, from.length);
                at += from.length;
            }
        }
        return Layer.newBuilder(TestLog.layer(own.name(), tap, own.dimension(), values))
                .setRole(LayerRole.valueOf(own.role().name()))
                .setRowSample(null)
                .build();
    }
}
