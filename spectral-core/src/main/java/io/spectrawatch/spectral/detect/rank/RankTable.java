package io.spectrawatch.spectral.detect.rank;

import java.io.DataOutput;
import java.io.IOException;

/** Ranks a value among clean calibration values: a p-value that does not depend on their law. */
public interface RankTable {
    /**
     * Returns the p-value of a value, in (0, 1].
     *
     * @param category the value's, from 0
     */
    double p(double value, int category);

    /** Returns how many calibration values decide about a category. */
    int samples(int category);

    /** Returns the calibration values of all categories, ascending. */
    double[] values();

    /** Writes the table in the form of the version it belongs to. */
    void write(DataOutput out) throws IOException;
}
