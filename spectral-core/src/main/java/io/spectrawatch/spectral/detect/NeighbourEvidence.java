package io.spectrawatch.spectral.detect;

import java.io.DataOutput;
import java.io.IOException;

/**
 * By how much the neighbours at one layer speak for another class: the logarithm of the mean
 * squared distance to the nearest reference rows of the predicted class over that of the best other
 * class (after the trust score of Jiang et al., NeurIPS 2018, and the deep neighbours of Papernot
 * and McDaniel, arXiv:1803.04765).
 */
final class NeighbourEvidence implements SampleScore {
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

    /** Queries at a time, so that their distances stay in the cache. */
    private static final int QUERIES = 64;

    private final int tap;
    private final String tapName;
    private final int classes;
    private final Coreset coreset;
    private final int[] classOf;

    /** Where the rows of each class start; the kept rows stand class by class. */
    private final int[] startOf;

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
    }

    static NeighbourEvidence fit(
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
            for (int j = 0; j < classOf.length; j++) {
                if (classOf[j] == c) {
                    sorted[at] = c;
                    order[at++] = j;
                }
            }
        }
        Coreset coreset = Coreset.of(rows.select(order, order.length));
        return new NeighbourEvidence(tap, tapName, classes, coreset, sorted);
    }

    @Override
    public String name() {
        return label(tapName);
    }

    static String label(String tapName) {
        return "neighbour-evidence/" + tapName;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix queries = rows.coordinates(tap).columns(coreset.rows().columns());
        double[] out = new double[rows.rows()];
        double[] row = new double[coreset.size()];
        for (int from = 0; from < out.length; from += QUERIES) {
            int count = Math.min(QUERIES, out.length - from);
            Coreset.Distances distances =
                    coreset.squaredDistances(rows.kernels(), queries.rows(from, count));
            for (int i = 0; i < count; i++) {
                distances.inner().row(i, row);
                out[from + i] = evidence(row, distances.own()[i], rows.predicted()[from + i]);
            }
        }
        return out;
    }

    private double evidence(double[] inner, double norm, int predicted) {
        double[] norms = coreset.norms();
        double other = Double.POSITIVE_INFINITY;
        double own = Double.POSITIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            double mean = meanOfNearest(inner, norm, norms, startOf[c], startOf[c + 1]);
            own = c == predicted ? mean : own;
            other = c == predicted ? other : Math.min(other, mean);
        }
        return ratio(own, other);
    }

    /** Three variables and no inner branches: this is where the time goes. */
    private static double meanOfNearest(
            double[] inner, double norm, double[] norms, int from, int to) {
        double first = Double.POSITIVE_INFINITY;
        double second = first;
        double third = first;
        for (int j = from; j < to; j++) {
            double value = norm + norms[j] - 2 * inner[j];
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
    private static double ratio(double own, double other) {
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
