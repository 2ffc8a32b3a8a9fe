package io.spectrawatch.ops.evaluate;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import java.util.Arrays;
import java.util.List;

/** The rows of one set of recorded samples, in log order; the rows of a sample together. */
final class RecordedSet {

    private static final int FIRST_ROWS = 64;

    private final String name;
    private final GatheredRows values = new GatheredRows();
    private int[] owners = new int[FIRST_ROWS];
    private int samples;

    RecordedSet(String name) {
        this.name = name;
    }

    int samples() {
        return samples;
    }

    /**
     * Takes one sample out of layers.
     *
     * @param sample its place in the snapshot
     */
    void add(DetectorLayers layers, int sample, int[] sampleRows) {
        values.add(layers, sample, sampleRows);
        own(sampleRows.length);
    }

    /** Takes a sample that was put together. */
    void add(GatheredRows sample) {
        values.add(sample);
        own(sample.rows());
    }

    private void own(int added) {
        int rows = values.rows();
        if (owners.length < rows) {
            owners = Arrays.copyOf(owners, 2 * rows);
        }
        Arrays.fill(owners, rows - added, rows, samples);
        samples++;
    }

    /** Whether samples have several rows each. */
    boolean tokens() {
        return values.rows() > samples;
    }

    /**
     * The rows as the detector takes them.
     *
     * @param tokens whether samples have several rows, in this set or another
     * @throws IllegalArgumentException if there are none
     */
    Activations activations(List<Tap> taps, boolean tokens) {
        if (values.rows() == 0) {
            throw new IllegalArgumentException(name + ": no recorded sample is selected");
        }
        return Activations.joined(
                taps, values.take(), Arrays.copyOf(owners, values.rows()), tokens);
    }
}
