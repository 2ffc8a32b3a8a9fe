package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Ranks the combined statistic among clean calibration samples: p = (1 + #{T_j >= T})/(m + 1),
 * which is at most uniform for an exchangeable sample (Vovk, Gammerman, Shafer, Algorithmic
 * Learning in a Random World, 2005), per predicted class where the class has enough samples, else
 * over all.
 */
final class ConformalTable {
    private final double[] pooled;
    private final double[][] byClass;

    private ConformalTable(double[] pooled, double[][] byClass) {
        this.pooled = pooled;
        this.byClass = byClass;
    }

    static ConformalTable of(double[] statistic, int[] classes, int count, int minimumRows) {
        double[][] byClass = new double[count][];
        for (int c = 0; c < count; c++) {
            int[] own = Gaussians.rowsOf(classes, c);
            boolean enough = count > 1 && own.length >= minimumRows;
            byClass[c] =
                    enough
                            ? Arrays.stream(own).mapToDouble(i -> statistic[i]).toArray()
                            : new double[0];
            Arrays.sort(byClass[c]);
        }
        double[] pooled = statistic.clone();
        Arrays.sort(pooled);
        return new ConformalTable(pooled, byClass);
    }

    double p(double statistic, int predicted) {
        double[] own = byClass[predicted];
        double[] table = own.length > 0 ? own : pooled;
        int low = 0;
        int high = table.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = table[middle] < statistic;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        return (1.0 + table.length - low) / (table.length + 1);
    }

    /** Returns how many calibration samples decide about a class. */
    int samples(int predicted) {
        return byClass[predicted].length > 0 ? byClass[predicted].length : pooled.length;
    }

    ToleranceLimit limit(double exceedance, double delta) {
        return ToleranceLimit.of(pooled, exceedance, delta);
    }

    void write(DataOutput out) throws IOException {
        Matrix.of(1, pooled.length, pooled).write(out);
        out.writeInt(byClass.length);
        for (double[] table : byClass) {
            Matrix.of(1, table.length, table).write(out);
        }
    }

    /** Reads a table for a number of classes. */
    static ConformalTable read(DetectorInput in, int classes) throws IOException {
        double[] pooled = in.ascending("calibration statistics", 1);
        double[][] byClass = new double[in.integer("classes", classes, classes)][];
        for (int c = 0; c < byClass.length; c++) {
            byClass[c] = in.ascending("calibration statistics of a class", 0);
        }
        return new ConformalTable(pooled, byClass);
    }
}
