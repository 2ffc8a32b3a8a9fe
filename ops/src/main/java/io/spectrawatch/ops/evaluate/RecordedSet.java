package io.spectrawatch.ops.evaluate;

import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** The rows of one set of recorded samples, in log order; the rows of a sample together. */
final class RecordedSet {

    private static final int FIRST_ROWS = 64;

    private final String name;
    private float[][] values;
    private int[] owners = new int[FIRST_ROWS];
    private int rows;
    private int samples;

    RecordedSet(String name) {
        this.name = name;
    }

    int samples() {
        return samples;
    }

    /** Takes the rows of one sample out of layers that carry the same rows. */
    void add(List<Layer> layers, int[] sampleRows) {
        if (values == null) {
            values = new float[layers.size()][0];
        }
        for (int t = 0; t < values.length; t++) {
            Layer layer = layers.get(t);
            int d = layer.getColumns();
            int needed = Math.multiplyExact(rows + sampleRows.length, d);
            if (values[t].length < needed) {
                values[t] = Arrays.copyOf(values[t], Math.max(needed, grown(values[t].length, d)));
            }
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            ByteBuffer data = layer.getData();
            for (int i = 0; i < sampleRows.length; i++) {
                int offset = data.position() + sampleRows[i] * d * type.bytes();
                Tensors.toFloats(data, type, offset, values[t], (rows + i) * d, d);
            }
        }
        if (owners.length < rows + sampleRows.length) {
            owners = Arrays.copyOf(owners, 2 * (rows + sampleRows.length));
        }
        Arrays.fill(owners, rows, rows + sampleRows.length, samples);
        rows += sampleRows.length;
        samples++;
    }

    private static int grown(int length, int d) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max((long) FIRST_ROWS * d, 2L * length));
    }

    /** Whether samples have several rows each. */
    boolean tokens() {
        return rows > samples;
    }

    /**
     * The rows as the detector takes them.
     *
     * @throws IllegalArgumentException if there are none
     */
    Activations activations(List<Tap> taps) {
        if (rows == 0) {
            throw new IllegalArgumentException(name + ": no recorded sample is selected");
        }
        float[][] own = new float[values.length][];
        for (int t = 0; t < own.length; t++) {
            own[t] = Arrays.copyOf(values[t], rows * taps.get(t).dimension());
            values[t] = new float[0];
        }
        return Activations.of(taps, own, Arrays.copyOf(owners, rows));
    }
}
