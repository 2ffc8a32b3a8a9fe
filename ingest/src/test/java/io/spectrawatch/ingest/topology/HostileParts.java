package io.spectrawatch.ingest.topology;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Snapshots in which samples say their rows, and that lie in one to three places: parts that repeat
 * or are no number, ranges that overlap, claim the most there is or are left out of some samples,
 * traces, attributes and taps that are none, layers with one row per sample that have others, lists
 * beside ranges.
 */
final class HostileParts {

    private static final int[] PARTS = {0, 0, 1, 2, 3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private static final int[] ROWS = {
        0, 1, 2, 3, -1, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private static final long[] POSITIONS = {
        0, 1, 7, -1, 1L << 48, (1L << 48) + 1, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private static final String[] IDS = {
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "00f067aa0ba902b7",
        "0".repeat(32),
        "0".repeat(16),
        "4BF92F3577B34DA6A3CE929D0E0E4736",
        "4bf92f3577b34da6a3ce929d0e0e473",
        "4bf92f3577b34da6a3ce929d0e0e4736 ",
        ""
    };

    private HostileParts() {}

    /** One record; equal generators give equal records. */
    static byte[] record(Random random) {
        ActivationSnapshot.Builder snapshot =
                random.nextBoolean() ? Snapshots.ranged() : parts(random);
        for (int lies = random.nextInt(4); lies > 0; lies--) {
            lie(snapshot, random);
        }
        return Wire.encode(snapshot.build());
    }

    /** Few ids, so that their parts meet in a snapshot, and over snapshots. */
    static ActivationSnapshot.Builder parts(Random random) {
        Sample[] samples = new Sample[1 + random.nextInt(4)];
        Map<String, Integer> next = new HashMap<>();
        for (int i = 0; i < samples.length; i++) {
            String id = "s" + random.nextInt(40);
            int part = next.merge(id, random.nextInt(3), (before, any) -> before + 1);
            samples[i] = Snapshots.part(id, part, random.nextInt(4) == 0).build();
        }
        return Snapshots.parts(0, samples);
    }

    private static void lie(ActivationSnapshot.Builder snapshot, Random random) {
        List<Sample> samples = new ArrayList<>(snapshot.getSamples());
        List<Layer> layers = new ArrayList<>(snapshot.getLayers());
        int sample = random.nextInt(samples.size());
        int layer = random.nextInt(layers.size());
        switch (random.nextInt(8)) {
            case 0 -> samples.add(Sample.newBuilder(samples.get(sample)).build());
            case 1, 2 ->
                    layers.set(layer, lie(Layer.newBuilder(layers.get(layer)), random).build());
            default ->
                    samples.set(
                            sample, lie(Sample.newBuilder(samples.get(sample)), random).build());
        }
        snapshot.setSamples(samples).setLayers(layers);
    }

    private static Layer.Builder lie(Layer.Builder layer, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> layer.setTap(HostileSnapshots.text(random));
            case 1 -> layer.setPerSample(!layer.getPerSample());
            case 2 -> layer.setRowSample(List.of(0, 0, 1));
            default -> layer.setRows(ROWS[random.nextInt(ROWS.length)]);
        };
    }

    private static Sample.Builder lie(Sample.Builder sample, Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> sample.setPart(PARTS[random.nextInt(PARTS.length)]);
            case 1 -> sample.setLast(!sample.getLast());
            case 2 -> sample.setSession(HostileSnapshots.text(random));
            case 3 -> sample.setTraceId(IDS[random.nextInt(IDS.length)]);
            case 4 -> sample.setSpanId(IDS[random.nextInt(IDS.length)]);
            case 5 -> sample.setTraceId(null);
            case 6 -> sample.setAttributes(attributes(random));
            default -> sample.setRows(ranges(random));
        };
    }

    private static Map<String, String> attributes(Random random) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = random.nextInt(random.nextInt(4) == 0 ? 300 : 3); i >= 0; i--) {
            boolean lies = random.nextInt(3) == 0;
            attributes.put(
                    lies ? HostileSnapshots.text(random) : "name-" + i,
                    lies ? "value" : HostileSnapshots.text(random));
        }
        return attributes;
    }

    private static List<RowRange> ranges(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        List<RowRange> ranges = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(8) == 0 ? 300 : 4); i > 0; i--) {
            ranges.add(
                    new RowRange(
                            POSITIONS[random.nextInt(POSITIONS.length)],
                            ROWS[random.nextInt(ROWS.length)],
                            random.nextBoolean() ? null : Phase.GENERATED));
        }
        return ranges;
    }
}
