package io.spectrawatch.spectral.detect.rank;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.linalg.Ascending;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Calibration values in ascending order, and the conformal rank among them: p = (1 + #{v_j >=
 * v})/(m + 1), which is at most a with probability at most a for a value exchangeable with all of
 * them (Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005). Among no values p
 * is 1.
 */
final class Ranks {
    private final double[] ascending;

    private Ranks(double[] ascending) {
        this.ascending = ascending;
    }

    static Ranks of(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        return new Ranks(ascending);
    }

    double p(double value) {
        return (1.0 + ascending.length - Ascending.below(ascending, value))
                / (ascending.length + 1);
    }

    int size() {
        return ascending.length;
    }

    /** Returns a copy, ascending. */
    double[] values() {
        return ascending.clone();
    }

    void write(DataOutput out) throws IOException {
        Matrix.of(1, ascending.length, ascending).write(out);
    }

    static Ranks read(DetectorInput in, String what, int least) throws IOException {
        return new Ranks(in.ascending(what, least));
    }
}
