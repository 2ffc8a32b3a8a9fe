package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Snapshots of a model that does not exist: a layer of independent columns, kept exactly, that
 * feeds a wider one, which is sketched. From {@link #drift()} on it feeds it otherwise.
 */
final class Synthetic {

    static final String MODEL = "model";
    static final String VERSION = "v1";
    static final String DIGEST = "ab".repeat(32);
    static final List<String> LAYERS = List.of("a/exact", "b/wide");

    /** Rows of a layer in a snapshot, one of each sample. */
    static final int ROWS = 11;

    private static final int NARROW = 24;
    private static final int WIDE = 48;
    private static final double DECAY = 0.8;
    private static final double NOISE = 0.05;

    /** Snapshots that a sample in parts takes, with a row in each. */
    static final int PARTS = 3;

    private final SplittableRandom random;
    private final boolean split;
    private volatile boolean drifted;

    Synthetic(long seed) {
        this(seed, false);
    }

    /**
     * @param split whether the last row of each snapshot is a part of a sample that takes {@link
     *     #PARTS} snapshots of its capture
     */
    Synthetic(long seed, boolean split) {
        this.random = new SplittableRandom(seed);
        this.split = split;
    }

    static long seed() {
        return Long.getLong("spectrawatch.seed", 20260101L);
    }

    void drift() {
        drifted = true;
    }

    /** A snapshot of {@link #ROWS} samples; each call draws others. */
    ActivationSnapshot snapshot(String captureId, long sequence, long capturedAt) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Sample whole =
                    WholeSample.of(captureId + "/" + sequence + "/" + i, "client " + i, null, 1.0);
            samples.add(split ? ranged(whole, i == ROWS - 1, captureId, sequence) : whole);
        }
        float[] narrow = new float[ROWS * NARROW];
        float[] wide = new float[ROWS * WIDE];
        for (int row = 0; row < ROWS; row++) {
            draw(narrow, wide, row);
        }
        return new ActivationSnapshot(
                MODEL,
                VERSION,
                DIGEST,
                captureId,
                sequence,
                capturedAt,
                samples,
                List.of(layer(0, NARROW, narrow), layer(1, WIDE, wide)));
    }

    private static Sample ranged(Sample whole, boolean inParts, String captureId, long sequence) {
        int part = inParts ? (int) (sequence % PARTS) : 0;
        return Sample.newBuilder(whole)
                .setId(inParts ? captureId + "/long/" + sequence / PARTS : whole.getId())
                .setPart(part)
                .setLast(!inParts || part == PARTS - 1)
                .setRows(List.of(new RowRange((long) part, 1, null)))
                .build();
    }

    private void draw(float[] narrow, float[] wide, int row) {
        for (int j = 0; j < NARROW; j++) {
            narrow[row * NARROW + j] = (float) (1 + random.nextGaussian() * Math.pow(DECAY, j));
        }
        for (int j = 0; j < WIDE; j++) {
            int from = drifted ? NARROW - 1 - j / 2 : j / 2;
            double fed = narrow[row * NARROW + from] * Math.pow(DECAY, j / 2);
            wide[row * WIDE + j] = (float) (fed + NOISE * random.nextGaussian());
        }
    }

    private static Layer layer(int index, int columns, float[] values) {
        ByteBuffer data =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Layer(
                LAYERS.get(index),
                index,
                LayerRole.HIDDEN,
                ROWS,
                columns,
                ElementType.FLOAT32,
                null,
                data,
                null,
                false);
    }
}
