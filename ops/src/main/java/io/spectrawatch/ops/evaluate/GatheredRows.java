package io.spectrawatch.ops.evaluate;

import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Rows of layers that carry the same rows, decoded one behind the other. */
final class GatheredRows {

    private static final int FIRST_ROWS = 64;

    private float[][] values;
    private int[] columns;
    private int rows;

    int rows() {
        return rows;
    }

    /** Takes rows out of layers. */
    void add(List<Layer> layers, int[] chosen) {
        start(layers.stream().mapToInt(Layer::getColumns).toArray());
        for (int t = 0; t < values.length; t++) {
            Layer layer = layers.get(t);
            int d = columns[t];
            reserve(t, chosen.length);
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            ByteBuffer data = layer.getData();
            for (int i = 0; i < chosen.length; i++) {
                int offset = data.position() + chosen[i] * d * type.bytes();
                Tensors.toFloats(data, type, offset, values[t], (rows + i) * d, d);
            }
        }
        rows += chosen.length;
    }

    /** Takes all rows of another. */
    void add(GatheredRows other) {
        start(other.columns);
        for (int t = 0; t < values.length; t++) {
            reserve(t, other.rows);
            System.arraycopy(
                    other.values[t], 0, values[t], rows * columns[t], other.rows * columns[t]);
        }
        rows += other.rows;
    }

    private void start(int[] widths) {
        if (values == null) {
            columns = widths;
            values = new float[widths.length][0];
        }
    }

    private void reserve(int tap, int more) {
        int d = columns[tap];
        int needed = Math.multiplyExact(rows + more, d);
        if (values[tap].length < needed) {
            values[tap] = Arrays.copyOf(values[tap], Math.max(needed, grown(tap)));
        }
    }

    private int grown(int tap) {
        long first = (long) FIRST_ROWS * columns[tap];
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(first, 2L * values[tap].length));
    }

    /** Hands out the values by layer, rows x columns, and forgets them. */
    float[][] take() {
        float[][] own = new float[values.length][];
        for (int t = 0; t < own.length; t++) {
            own[t] = Arrays.copyOf(values[t], rows * columns[t]);
            values[t] = new float[0];
        }
        return own;
    }
}
