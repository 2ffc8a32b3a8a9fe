package io.spectrawatch.spectral.detect.rank;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
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
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = ascending[middle] < value;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        return (1.0 + ascending.length - low) / (ascending.length + 1);
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
