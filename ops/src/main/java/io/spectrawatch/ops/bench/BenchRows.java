package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A pool of generated rows, visited cyclically: standard deviations fall as (j + 1)^(-3/4) over the
 * columns, neighbouring columns are mixed, the mean is not zero.
 */
final class BenchRows {
    private static final long POOL_BYTES = 128L << 20;

    private final int dimension;
    private final int count;
    private final ElementType type;
    private final ByteBuffer data;

    BenchRows(int dimension, long wanted, int multiple, ElementType type, long seed) {
        this.dimension = dimension;
        this.type = type;
        long room = POOL_BYTES / ((long) dimension * Float.BYTES);
        long blocks = Math.max(1, Math.min(room, wanted) / multiple);
        this.count = (int) blocks * multiple;
        this.data =
                ByteBuffer.allocateDirect(count * dimension * type.bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        fill(new SplittableRandom(seed));
    }

    private void fill(SplittableRandom random) {
        double[] scale = new double[dimension];
        for (int j = 0; j < dimension; j++) {
            scale[j] = Math.pow(j + 1, -0.75);
        }
        for (int i = 0; i < count; i++) {
            double previous = 0;
            for (int j = 0; j < dimension; j++) {
                // A sum of uniforms is close enough to a Gaussian and cheap.
                double noise =
                        random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
                double value = scale[j] * (0.3 + 2 * noise) + 0.5 * previous;
                previous = scale[j] * noise;
                put(i * dimension + j, (float) value);
            }
        }
    }

    private void put(int at, float value) {
        switch (type) {
            case FLOAT32 -> data.putFloat(at * Float.BYTES, value);
            case FLOAT16 -> data.putShort(at * Short.BYTES, float16(value));
            case BFLOAT16 ->
                    data.putShort(
                            at * Short.BYTES, (short) (Float.floatToRawIntBits(value) >>> 16));
        }
    }

    /** Truncating conversion of a moderate number. */
    private static short float16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int exponent = (bits >>> 23 & 0xFF) - 112;
        int sign = bits >>> 16 & 0x8000;
        return (short) (exponent <= 0 ? sign : sign | exponent << 10 | bits >>> 13 & 0x3FF);
    }

    int count() {
        return count;
    }

    /**
     * Refills a block with the rows that follow {@code row}, cyclically; the pool is a multiple of
     * the block.
     */
    void next(RowBlock block, long row) {
        block.clear();
        block.append(data, type, (int) (row % count), block.capacity());
    }
}
