package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Snapshots of a model that does not exist: one layer kept exactly, one that is sketched. */
final class Synthetic {

    static final String MODEL = "model";
    static final String VERSION = "v1";
    static final List<String> LAYERS = List.of("a/exact", "b/wide");
    static final int ROWS = 11;

    private static final int[] COLUMNS = {24, 48};

    private final SplittableRandom random;

    Synthetic(long seed) {
        random = new SplittableRandom(seed);
    }

    static long seed() {
        return Long.getLong("spectrawatch.seed", 20260101L);
    }

    /** A snapshot of {@link #ROWS} rows; each call draws other rows. */
    ActivationSnapshot snapshot(String captureId, long sequence, long capturedAt) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < COLUMNS.length; i++) {
            layers.add(layer(i));
        }
        Sample sample = new Sample(captureId + "/" + sequence, null, null, 1.0);
        return new ActivationSnapshot(
                MODEL,
                VERSION,
                "ab".repeat(32),
                captureId,
                sequence,
                capturedAt,
                List.of(sample),
                layers);
    }

    private Layer layer(int index) {
        int columns = COLUMNS[index];
        ByteBuffer data =
                ByteBuffer.allocate(Float.BYTES * ROWS * columns).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            int column = data.position() / Float.BYTES % columns;
            data.putFloat((float) ((random.nextDouble() - 0.3) * 4 / (1 + column)));
        }
        return new Layer(
                LAYERS.get(index),
                index,
                LayerRole.HIDDEN,
                ROWS,
                columns,
                ElementType.FLOAT32,
                new ArrayList<>(Collections.nCopies(ROWS, 0)),
                data.flip());
    }
}
