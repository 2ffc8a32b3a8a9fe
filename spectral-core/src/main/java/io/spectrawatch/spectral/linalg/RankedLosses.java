package io.spectrawatch.spectral.linalg;

/**
 * Losses of a sketch by rank, descending: entry i sums over all steps the i-th largest eigenvalue
 * of what the step lost. The k largest eigenvalues of E sum to at most the first k of these (Fan
 * 1949), which tells losses in many directions from losses in one; beyond the last entry each is at
 * most that entry.
 */
public final class RankedLosses {
    /** Null in a sketch that began in a version without them. */
    private double[] values;

    /** Creates losses of nothing yet, for so many ranks. */
    public RankedLosses(int ranks) {
        values = new double[ranks];
    }

    /** Makes room for what is about to be read; no entry says that they are not known. */
    public double[] restore(int count) {
        double[] room = new double[count];
        values = count == 0 ? null : room;
        return room;
    }

    /** Returns the losses, empty where they are not known. */
    public double[] known() {
        return values == null ? new double[0] : values;
    }

    /** Adds what a step lost to entry i, if it is kept. */
    void lose(int i, double loss) {
        if (values != null && i < values.length) {
            values[i] += loss;
        }
    }

    /** Multiplies all, as the sketch was. */
    public void scale(double factor) {
        for (int i = 0; values != null && i < values.length; i++) {
            values[i] *= factor;
        }
    }

    /** Adds those of a sketch that is merged; what is unknown of one is unknown of both. */
    public void add(RankedLosses other) {
        if (values == null || other.values == null) {
            values = null;
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[Math.min(i, other.values.length - 1)];
        }
    }
}
