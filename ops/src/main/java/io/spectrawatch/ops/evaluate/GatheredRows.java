package io.spectrawatch.ops.evaluate;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.schemas.Layer;
import java.util.Arrays;

/**
 * Rows of samples in layers that fit together, decoded one behind the other; of the text one per
 * sample.
 */
final class GatheredRows {

    private static final int FIRST_ROWS = 64;

    private float[][] values;
    private int[] columns;
    private boolean[] ofSample;
    private int rows;
    private int samples;

    int rows() {
        return rows;
    }

    /**
     * Takes a sample.
     *
     * @param sample its place in the snapshot
     * @param chosen its rows in the layers
     */
    void add(DetectorLayers layers, int sample, int[] chosen) {
        start(layers);
        for (int t = 0; t < values.length; t++) {
            if (ofSample[t]) {
                reserve(t, samples + 1);
                copy(layers, t, layers.rowOf(t, sample), samples);
            } else {
                ofRows(layers, t, chosen);
            }
        }
        rows += chosen.length;
        samples++;
    }

    /** Takes the next part of the only sample here; its text is the first one with n-grams. */
    void addPart(DetectorLayers layers, int sample, int[] chosen) {
        if (samples == 0) {
            add(layers, sample, chosen);
            return;
        }
        for (int t = 0; t < values.length; t++) {
            if (!ofSample[t]) {
                ofRows(layers, t, chosen);
            } else if (isZero(values[t], columns[t])) {
                copy(layers, t, layers.rowOf(t, sample), 0);
            }
        }
        rows += chosen.length;
    }

    private static boolean isZero(float[] row, int columns) {
        for (int j = 0; j < columns; j++) {
            if (row[j] != 0) {
                return false;
            }
        }
        return true;
    }

    private void ofRows(DetectorLayers layers, int tap, int[] chosen) {
        reserve(tap, rows + chosen.length);
        for (int i = 0; i < chosen.length; i++) {
            copy(layers, tap, chosen[i], rows + i);
        }
    }

    /** Copies a row, or leaves zeros where there is none. */
    private void copy(DetectorLayers layers, int tap, int from, int to) {
        if (from < 0) {
            return;
        }
        DetectorLayers.toFloats(layers.layer(tap), from, 1, values[tap], to * columns[tap]);
    }

    /** Takes all samples of another. */
    void add(GatheredRows other) {
        if (values == null) {
            columns = other.columns;
            ofSample = other.ofSample;
            values = new float[columns.length][0];
        }
        for (int t = 0; t < values.length; t++) {
            int d = columns[t];
            int more = other.count(t);
            reserve(t, count(t) + more);
            System.arraycopy(other.values[t], 0, values[t], count(t) * d, more * d);
        }
        rows += other.rows;
        samples += other.samples;
    }

    private int count(int tap) {
        return ofSample[tap] ? samples : rows;
    }

    private void start(DetectorLayers layers) {
        if (values != null) {
            return;
        }
        int taps = layers.size();
        columns = new int[taps];
        ofSample = new boolean[taps];
        values = new float[taps][0];
        for (int t = 0; t < taps; t++) {
            ofSample[t] = layers.ofSample(t);
            Layer layer = layers.layer(t);
            columns[t] = layer == null ? DetectorLayers.TEXT.dimension() : layer.getColumns();
        }
    }

    private void reserve(int tap, int count) {
        int needed = Math.multiplyExact(count, columns[tap]);
        if (values[tap].length < needed) {
            values[tap] = Arrays.copyOf(values[tap], Math.max(needed, grown(tap)));
        }
    }

    private int grown(int tap) {
        long first = (long) FIRST_ROWS * columns[tap];
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(first, 2L * values[tap].length));
    }

    /** Hands out the values by layer, rows or samples x columns, and forgets them. */
    float[][] take() {
        float[][] own = new float[values.length][];
        for (int t = 0; t < own.length; t++) {
            own[t] = Arrays.copyOf(values[t], count(t) * columns[t]);
            values[t] = new float[0];
        }
        return own;
    }
}
