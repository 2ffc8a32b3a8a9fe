package io.spectrawatch.spectral.baseline;

import io.spectrawatch.spectral.certificate.moments.FrozenWindow;

/**
 * What a baseline keeps of one layer.
 *
 * @param index place in the chain of layers
 * @param name the layer's name
 * @param columns d, width of its rows
 * @param window the coordinates in which it is watched; its anchor is the anchor of the layer's
 *     sketches
 * @param mean mean of the reference rows (d)
 * @param energyPerRow mean squared distance of the reference rows from their mean
 * @param spectrum leading eigenvalues of the reference covariance, descending, at most d
 * @param tap what exactly of the model the rows are, as the snapshots said; null where none did
 */
public record LayerBaseline(
        int index,
        String name,
        int columns,
        FrozenWindow window,
        double[] mean,
        double energyPerRow,
        double[] spectrum,
        String tap) {

    /** Of rows of which no snapshot said what exactly they are. */
    public LayerBaseline(
            int index,
            String name,
            int columns,
            FrozenWindow window,
            double[] mean,
            double energyPerRow,
            double[] spectrum) {
        this(index, name, columns, window, mean, energyPerRow, spectrum, null);
    }

    /** Checks sizes and ranges. */
    public LayerBaseline {
        mean = mean.clone();
        spectrum = spectrum.clone();
        require(index >= 0, name, "an index from 0", index);
        require(columns == window.dimension(), name, "the window's width", columns);
        require(columns == mean.length, name, "a mean of " + columns + " values", mean.length);
        require(spectrum.length <= columns, name, "at most d eigenvalues", spectrum.length);
        require(
                energyPerRow >= 0 && energyPerRow < Double.POSITIVE_INFINITY,
                name,
                "a finite energy of at least 0",
                energyPerRow);
        for (double value : mean) {
            require(Double.isFinite(value), name, "a finite mean", value);
        }
        double above = Double.POSITIVE_INFINITY;
        for (double value : spectrum) {
            require(
                    value >= 0 && value <= above && value < Double.POSITIVE_INFINITY,
                    name,
                    "finite eigenvalues of at least 0, descending",
                    value);
            above = value;
        }
    }

    private static void require(boolean condition, String name, String allowed, Object found) {
        if (!condition) {
            throw new IllegalArgumentException(
                    "baseline of layer " + name + ": " + allowed + " expected, found " + found);
        }
    }

    /** Returns the mean, a fresh array. */
    @Override
    public double[] mean() {
        return mean.clone();
    }

    /** Returns the spectrum, a fresh array. */
    @Override
    public double[] spectrum() {
        return spectrum.clone();
    }
}
