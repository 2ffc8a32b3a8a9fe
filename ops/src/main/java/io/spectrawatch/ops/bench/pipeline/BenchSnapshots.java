package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Snapshots of a made-up chain of layers: standard deviations fall as (j + 1)^(-3/4) over the
 * columns, and each layer is a part of the one before and a part of its own.
 *
 * <p>Rows are sums of two out of a pool, so that no two are alike and none takes long to make.
 */
final class BenchSnapshots {

    static final String MODEL = "bench";
    static final String VERSION = "1";
    static final String DIGEST = "0123456789abcdef".repeat(4);

    /** Values in the pool of all layers together, 64 MiB. */
    private static final long POOL_VALUES = 16L << 20;

    private static final int MOST_POOL_ROWS = 4_096;
    private static final int CLIENTS = 64;
    private static final double KEPT = 0.8;
    private static final double OWN = 0.6;

    private final PipelineOptions options;
    private final int poolRows;
    private final float[][] pool;

    BenchSnapshots(PipelineOptions options) {
        this.options = options;
        long room = POOL_VALUES / ((long) options.columns() * options.layers());
        this.poolRows = (int) Math.max(2, Math.min(MOST_POOL_ROWS, room));
        this.pool = pool(new SplittableRandom(options.seed()));
    }

    private float[][] pool(SplittableRandom random) {
        int d = options.columns();
        float[][] made = new float[options.layers()][poolRows * d];
        for (int layer = 0; layer < made.length; layer++) {
            for (int i = 0; i < poolRows * d; i++) {
                double noise =
                        random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
                double own = Math.pow(i % d + 1, -0.75) * 2 * noise;
                made[layer][i] = (float) (layer == 0 ? own : KEPT * made[layer - 1][i] + OWN * own);
            }
        }
        return made;
    }

    /** Name of a layer by its place in the chain. */
    static String layer(int place) {
        return "layer" + place;
    }

    /**
     * A record's value.
     *
     * @param model whose it is, from 0 on
     * @param number of the snapshot, from 0 on; it decides the rows
     * @param capturedAt microseconds since the epoch
     */
    byte[] value(int model, String captureId, long sequence, int number, long capturedAt) {
        SplittableRandom random = new SplittableRandom(options.seed() + 31L * (number + 1));
        int rows = options.rowsPerSnapshot();
        int[] first = random.ints(rows, 0, poolRows).toArray();
        int[] second = random.ints(rows, 0, poolRows).toArray();
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < options.layers(); layer++) {
            layers.add(
                    new Layer(
                            layer(layer),
                            layer,
                            layer == options.layers() - 1 ? LayerRole.EMBEDDING : LayerRole.HIDDEN,
                            rows,
                            options.columns(),
                            ElementType.valueOf(options.elementType().name()),
                            null,
                            data(pool[layer], first, second),
                            null,
                            false));
        }
        return Wire.encode(
                new ActivationSnapshot(
                        model == 0 ? MODEL : MODEL + model,
                        VERSION,
                        DIGEST,
                        captureId,
                        sequence,
                        capturedAt,
                        samples(number),
                        layers));
    }

    private List<Sample> samples(int number) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < options.samplesPerSnapshot(); i++) {
            String client = "client" + (number * options.samplesPerSnapshot() + i) % CLIENTS;
            samples.add(
                    Sample.newBuilder(WholeSample.of(number + "-" + i, client, null, 1.0))
                            .setRows(List.of(new RowRange(0L, options.rowsPerSample(), null)))
                            .build());
        }
        return samples;
    }

    private ByteBuffer data(float[] values, int[] first, int[] second) {
        int d = options.columns();
        ByteBuffer data =
                ByteBuffer.allocate(first.length * d * options.elementType().bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < first.length; row++) {
            for (int j = 0; j < d; j++) {
                put(data, values[first[row] * d + j] + values[second[row] * d + j]);
            }
        }
        return data.flip();
    }

    private void put(ByteBuffer data, float value) {
        int bits = Float.floatToRawIntBits(value);
        switch (options.elementType()) {
            case FLOAT32 -> data.putFloat(value);
            case FLOAT16 -> data.putShort(float16(bits));
            case BFLOAT16 -> data.putShort((short) (bits >>> 16));
        }
    }

    /** Truncating conversion of a moderate number; what is too small becomes 0. */
    private static short float16(int bits) {
        int exponent = (bits >>> 23 & 0xFF) - 112;
        int sign = bits >>> 16 & 0x8000;
        return (short) (exponent <= 0 ? sign : sign | exponent << 10 | bits >>> 13 & 0x3FF);
    }
}
