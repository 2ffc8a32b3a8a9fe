package io.spectrawatch.ingest.topology;

import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Snapshots that are well-formed Avro and lie in one to three places: sizes that do not fit the
 * data or claim the largest there are, numbers that are none or subnormal, names that are empty,
 * huge, doubled or made to break what prints them, samples and layers by the hundred, fingerprints
 * of other records and of nothing.
 */
final class HostileSnapshots {

    private static final int[] SIZES = {
        0, 1, -1, 2, 3, 4, 1 << 16, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private static final long[] LONGS = {
        0, 1, -1, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1
    };

    private static final double[] WEIGHTS = {
        1, 2.5, 0, -0.0, -1, Double.NaN, Double.MIN_VALUE, Double.MAX_VALUE, 1 / 0.0, -1 / 0.0
    };

    private static final float[] VALUES = {
        0,
        -0f,
        1,
        Float.MIN_VALUE,
        -Float.MIN_NORMAL / 2,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.intBitsToFloat(0x7F800001)
    };

    private static final String[] TEXTS = {
        "",
        " ",
        "m",
        "tokens",
        "a",
        "\u0000",
        "\n\r\t",
        "\"quoted\" \\ back",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "%2F/%25",
        "\u202Egnp.exe",
        "\uD83D\uDE00",
        "\uD800",
        "\uFFFD",
        "x".repeat(5000)
    };

    static {
        // Builders copy enums, which Avro only creates once Wire has named the trusted classes.
        Wire.currentSchemas();
    }

    private HostileSnapshots() {}

    /** One record; equal generators give equal records. */
    static byte[] record(Random random) {
        ActivationSnapshot.Builder snapshot = Snapshots.valid();
        int lies = 1 + random.nextInt(3);
        for (int i = 0; i < lies; i++) {
            lie(snapshot, random);
        }
        byte[] bytes = Wire.encode(snapshot.build());
        if (random.nextInt(8) == 0) {
            refinger(bytes, random);
        }
        return bytes;
    }

    private static void lie(ActivationSnapshot.Builder snapshot, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> snapshot.setModelId(text(random));
            case 1 -> snapshot.setModelVersion(text(random));
            case 2 -> snapshot.setModelDigest(digest(random));
            case 3 -> snapshot.setCaptureId(text(random));
            case 4 -> snapshot.setSequence(LONGS[random.nextInt(LONGS.length)]);
            case 5 -> snapshot.setCapturedAt(LONGS[random.nextInt(LONGS.length)]);
            case 6 -> snapshot.setSamples(samples(snapshot.getSamples(), random));
            default -> snapshot.setLayers(layers(snapshot.getLayers(), random));
        }
    }

    static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static String digest(Random random) {
        String[] digests = {
            "",
            Snapshots.DIGEST.substring(1),
            Snapshots.DIGEST.toUpperCase(java.util.Locale.ROOT),
            Snapshots.DIGEST + "0",
            Snapshots.DIGEST.replace('a', 'g'),
            text(random)
        };
        return digests[random.nextInt(digests.length)];
    }

    private static List<Sample> samples(List<Sample> before, Random random) {
        List<Sample> samples = new ArrayList<>(before);
        switch (samples.isEmpty() ? 1 : random.nextInt(5)) {
            case 0 -> samples.clear();
            case 1 -> samples.add(Snapshots.sample(text(random)));
            case 2 -> {
                for (int i = random.nextInt(300); i >= 0; i--) {
                    samples.add(Snapshots.sample("s" + i));
                }
            }
            default -> {
                Sample liar =
                        WholeSample.of(
                                text(random),
                                random.nextBoolean() ? null : text(random),
                                random.nextBoolean() ? null : text(random),
                                WEIGHTS[random.nextInt(WEIGHTS.length)]);
                samples.set(0, liar);
            }
        }
        return samples;
    }

    private static List<Layer> layers(List<Layer> before, Random random) {
        List<Layer> layers = new ArrayList<>(before);
        int at = layers.isEmpty() ? -1 : random.nextInt(layers.size());
        switch (random.nextInt(6)) {
            case 0 -> layers.clear();
            case 1 -> {
                for (int i = random.nextInt(300); i >= 0; i--) {
                    layers.add(Snapshots.pooled().setName("l" + i).setIndex(i + 2).build());
                }
            }
            default -> {
                if (at >= 0) {
                    layers.set(at, layer(Layer.newBuilder(layers.get(at)), random).build());
                }
            }
        }
        return layers;
    }

    private static Layer.Builder layer(Layer.Builder layer, Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> layer.setName(text(random));
            case 1 -> layer.setIndex(size(random));
            case 2 -> layer.setRows(size(random));
            case 3 -> layer.setColumns(size(random));
            case 4 -> layer.setRows(size(random)).setColumns(size(random));
            case 5 -> layer.setElementType(any(ElementType.values(), random));
            case 6 -> layer.setRole(any(LayerRole.values(), random));
            case 7 -> layer.setRowSample(rowSample(random));
            default -> layer.setData(data(layer.getData(), random));
        };
    }

    private static int size(Random random) {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private static <T> T any(T[] all, Random random) {
        return all[random.nextInt(all.length)];
    }

    private static List<Integer> rowSample(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        Integer[] samples = new Integer[random.nextInt(5)];
        Arrays.setAll(samples, i -> random.nextInt(3) == 0 ? size(random) : random.nextInt(2));
        return List.of(samples);
    }

    private static ByteBuffer data(ByteBuffer before, Random random) {
        byte[] bytes = new byte[before.remaining()];
        before.duplicate().get(bytes);
        if (random.nextInt(4) == 0) {
            return ByteBuffer.wrap(Arrays.copyOf(bytes, random.nextInt(2 * bytes.length + 2)));
        }
        for (int i = random.nextInt(3); i >= 0 && bytes.length >= Float.BYTES; i--) {
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(
                            random.nextInt(bytes.length - Float.BYTES + 1) & -Short.BYTES,
                            VALUES[random.nextInt(VALUES.length)]);
        }
        return ByteBuffer.wrap(bytes);
    }

    /** The fingerprint of another record of this release, of the next, or none at all. */
    private static void refinger(byte[] bytes, Random random) {
        long[] fingerprints = {
            Wire.fingerprint(Tick.getClassSchema()),
            Wire.fingerprint(Activate.getClassSchema()),
            Wire.fingerprint(Alert.getClassSchema()),
            Wire.fingerprint(Sample.getClassSchema()),
            random.nextLong(),
            0
        };
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(2, fingerprints[random.nextInt(fingerprints.length)]);
    }
}
