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

    private static final int NEAREST = 5;

    private final int tap;
    private final String tapName;
    private final int classes;
    private final Coreset coreset;
    private final int[] classOf;

    private NeighbourEvidence(
            int tap, String tapName, int classes, Coreset coreset, int[] classOf) {
        this.tap = tap;
        this.tapName = tapName;
        this.classes = classes;
        this.coreset = coreset;
        this.classOf = classOf;
    }

    static NeighbourEvidence fit(
            Projected reference, int tap, String tapName, int classes, int size) {
        int[] chosen = Coreset.choose(reference.rows(), size);
        int[] classOf = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            classOf[i] = reference.predicted()[chosen[i]];
        }
        Matrix rows = reference.coordinates(tap).select(chosen, chosen.length);
        return new NeighbourEvidence(tap, tapName, classes, Coreset.of(rows), classOf);
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
        Coreset.Distances all = coreset.squaredDistances(rows.kernels(), rows.coordinates(tap));
        double[] out = new double[rows.rows()];
        double[] nearest = new double[classes * NEAREST];
        double[] distances = new double[coreset.size()];
        for (int i = 0; i < out.length; i++) {
            all.row(i, distances);
            java.util.Arrays.fill(nearest, Double.POSITIVE_INFINITY);
            for (int j = 0; j < classOf.length; j++) {
                insert(nearest, classOf[j] * NEAREST, distances[j]);
            }
            double own = mean(nearest, rows.predicted()[i]);
            double other = Double.POSITIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                other = c == rows.predicted()[i] ? other : Math.min(other, mean(nearest, c));
            }
            out[i] = ratio(own, other);
        }
        return out;
    }

    /** A class the coreset hardly knows says nothing for or against. */
    private static double ratio(double own, double other) {
        if (Double.isInfinite(own) || Double.isInfinite(other)) {
            return 0;
        }
        return Math.log(Math.max(own, Double.MIN_NORMAL))
                - Math.log(Math.max(other, Double.MIN_NORMAL));
    }

    private static void insert(double[] nearest, int from, double value) {
        int at = from + NEAREST - 1;
        if (value >= nearest[at]) {
            return;
        }
        while (at > from && nearest[at - 1] > value) {
            nearest[at] = nearest[at - 1];
            at--;
        }
        nearest[at] = value;
    }

    private static double mean(double[] nearest, int c) {
        double sum = 0;
        for (int i = 0; i < NEAREST; i++) {
            sum += nearest[c * NEAREST + i];
        }
        return sum / NEAREST;
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
        Coreset coreset = Coreset.read(in, in.width(tap));
        int[] classOf = new int[coreset.size()];
        for (int i = 0; i < classOf.length; i++) {
            classOf[i] = in.integer("class", 0, classes - 1);
        }
        return new NeighbourEvidence(tap, tapName, classes, coreset, classOf);
    }
}
