package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * By how much the neighbours at one layer speak for another class: the logarithm of the mean
 * squared distance to the nearest reference rows of the predicted class over that of the best other
 * class (after the trust score of Jiang et al., NeurIPS 2018, and the deep neighbours of Papernot
 * and McDaniel, arXiv:1803.04765).
 */
public final class NeighbourEvidence implements SampleScore {
    static final int TAG = 6;

    /** Neighbours whose distances are averaged. */
    private static final int NEAREST = 3;

    /** Reference rows that make neighbourhoods, at most; the cost grows with them. */
    private static final int MOST_ROWS = 1000;

    /**
     * Leading coordinates that make a neighbourhood: the trailing ones add about the same to every
     * distance and most of the cost.
     */
    private static final int COORDINATES = 32;

    /** Queries at a time, so that their products stay in the cache. */
    private static final int QUERIES = 2 * Kernels.EVEN_ROWS;

    private final int tap;
    private final String tapName;
    private final int classes;
    private final Coreset coreset;
    private final int[] classOf;

    /** Where the rows of each class start; the kept rows stand class by class. */
    private final int[] startOf;

    /**
     * The rows of each class as columns, so that its product is narrow and its distances are still
     * in the first-level cache when they are read.
     */
    private final Matrix[] byClass;

    /** Rows of the largest class. */
    private final int largest;

    private NeighbourEvidence(
            int tap, String tapName, int classes, Coreset coreset, int[] classOf) {
        this.tap = tap;
        this.tapName = tapName;
        this.classes = classes;
        this.coreset = coreset;
        this.classOf = classOf;
        this.startOf = new int[classes + 1];
        for (int c : classOf) {
            startOf[c + 1]++;
        }
        for (int c = 0; c < classes; c++) {
            startOf[c + 1] += startOf[c];
        }
        this.byClass = new Matrix[classes];
        int most = 0;
        for (int c = 0; c < classes; c++) {
            int size = startOf[c + 1] - startOf[c];
            byClass[c] = Affine.transpose(coreset.rows().rows(startOf[c], size));
            most = Math.max(most, size);
        }
        this.largest = most;
    }

    public static NeighbourEvidence fit(
            Projected reference, int tap, String tapName, int classes, int size) {
        int[] chosen = Coreset.choose(reference.rows(), Math.min(size, MOST_ROWS));
        int[] classOf = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            classOf[i] = reference.predicted()[chosen[i]];
        }
        Matrix coordinates = reference.coordinates(tap);
        Matrix rows =
                coordinates
                        .columns(Math.min(COORDINATES, coordinates.columns()))
                        .select(chosen, chosen.length);
        return sorted(tap, tapName, classes, rows, classOf);
    }

    private static NeighbourEvidence sorted(
            int tap, String tapName, int classes, Matrix rows, int[] classOf) {
        int[] order = new int[classOf.length];
        int[] sorted = new int[classOf.length];
        int at = 0;
        for (int c = 0; c < classes; c++) {
            int[] own = Gaussians.rowsOf(classOf, c);
            for (int j : Coreset.centralFirst(rows.select(own, own.length))) {
                sorted[at] = c;
                order[at++] = own[j];
            }
        }
        Coreset coreset = Coreset.of(rows.select(order, order.length));
        return new NeighbourEvidence(tap, tapName, classes, coreset, sorted);
    }

    @Override
    public String name() {
        return label(tapName);
    }

    public static String label(String tapName) {
        return "neighbour-evidence/" + tapName;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix coordinates = rows.coordinates(tap);
        double[] norms = norms(coordinates);
        double[] own = new double[norms.length];
        double[] other = new double[norms.length];
        Arrays.fill(other, Double.POSITIVE_INFINITY);
        Matrix product = coordinates.sibling(QUERIES, largest);
        double[] inner = new double[QUERIES * largest];
        for (int from = 0; from < norms.length; from += QUERIES) {
            int count = Math.min(QUERIES, norms.length - from);
            for (int c = 0; c < classes; c++) {
                multiply(rows.kernels(), coordinates, from, count, c, product);
                int size = startOf[c + 1] - startOf[c];
                product.data().get(0, inner, 0, count * size);
                for (int i = 0; i < count; i++) {
                    double mean = meanOfNearest(inner, i * size, norms[from + i], c);
                    boolean predicted = c == rows.predicted()[from + i];
                    own[from + i] = predicted ? mean : own[from + i];
                    other[from + i] = predicted ? other[from + i] : Math.min(other[from + i], mean);
                }
            }
        }
        for (int i = 0; i < own.length; i++) {
            own[i] = ratio(own[i], other[i]);
        }
        return own;
    }

    /** Squared norms of the leading coordinates. */
    private double[] norms(Matrix coordinates) {
        double[] norms = new double[coordinates.rows()];
        double[] row = new double[coordinates.columns()];
        for (int i = 0; i < norms.length; i++) {
            coordinates.row(i, row);
            norms[i] = Matrix.sumOfSquares(row, 0, coreset.rows().columns());
        }
        return norms;
    }

    private void multiply(
            Kernels kernels, Matrix coordinates, int from, int count, int c, Matrix product) {
        if (byClass[c].columns() > 0) {
            kernels.rotate(
                    count,
                    byClass[c].rows(),
                    byClass[c].columns(),
                    coordinates.data(),
                    from * coordinates.columns(),
                    coordinates.columns(),
                    byClass[c].data(),
                    false,
                    product.data());
        }
    }

    /** Three variables and no inner branches: this is where the time goes. */
    private double meanOfNearest(double[] inner, int at, double norm, int c) {
        double[] norms = coreset.norms();
        int from = startOf[c];
        int to = startOf[c + 1];
        double first = Double.POSITIVE_INFINITY;
        double second = first;
        double third = first;
        for (int j = from; j < to; j++) {
            double value = norm + norms[j] - 2 * inner[at - from + j];
            if (value < third) {
                third = Math.max(second, value);
                second = Math.max(first, Math.min(second, value));
                first = Math.min(first, value);
            }
        }
        // Rounding can leave the distance to itself a little below zero.
        return (Math.max(0, first) + Math.max(0, second) + Math.max(0, third)) / NEAREST;
    }

    /** A class the coreset hardly knows says nothing for or against. */
    static double ratio(double own, double other) {
        if (Double.isInfinite(own) || Double.isInfinite(other)) {
            return 0;
        }
        return Math.log(Math.max(own, Double.MIN_NORMAL))
                - Math.log(Math.max(other, Double.MIN_NORMAL));
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeUTF(tapName);
        out.writeInt(classes);
        coreset.write(out);
        for (int c : classOf) {
            out.writeInt(c);
        }
    }

    static NeighbourEvidence read(DetectorInput in) throws IOException {
        int tap = in.tap();
        String tapName = in.tapName(tap);
        int classes = in.integer("classes", in.classes(), in.classes());
        Coreset coreset = Coreset.read(in, Math.min(COORDINATES, in.width(tap)));
        int[] classOf = new int[coreset.size()];
        int least = 0;
        for (int i = 0; i < classOf.length; i++) {
            least = in.integer("class, in ascending order,", least, classes - 1);
            classOf[i] = least;
        }
        return new NeighbourEvidence(tap, tapName, classes, coreset, classOf);
    }
}
