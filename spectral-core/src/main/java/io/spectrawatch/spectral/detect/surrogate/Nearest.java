package io.spectrawatch.spectral.detect.surrogate;

import java.util.Arrays;

/**
 * By how much the landmarks nearest to rows speak for another class than the one answered: the log
 * of the mean squared distance to the three nearest of that class, less the least of the same over
 * the other classes.
 */
final class Nearest {
    private final int rows;

    // The three least distances so far, classes x rows.
    private final float[][] least;
    private final float[][] second;
    private final float[][] third;

    /** Distances to one landmark. */
    private final float[] squared;

    Nearest(int rows, int classes) {
        this.rows = rows;
        this.least = new float[classes][rows];
        this.second = new float[classes][rows];
        this.third = new float[classes][rows];
        this.squared = new float[rows];
    }

    /** Begins with other rows. */
    void begin() {
        for (int c = 0; c < least.length; c++) {
            Arrays.fill(least[c], Float.POSITIVE_INFINITY);
            Arrays.fill(second[c], Float.POSITIVE_INFINITY);
            Arrays.fill(third[c], Float.POSITIVE_INFINITY);
        }
    }

    /**
     * Takes squared distances to some landmarks.
     *
     * @param starts the first landmark of each class, and one past the last of all
     * @param all {@code width} x rows
     */
    void add(int[] starts, int from, int width, float[] all) {
        for (int c = 0; c < least.length; c++) {
            int end = Math.min(starts[c + 1], from + width) - from;
            for (int j = Math.max(starts[c], from) - from; j < end; j++) {
                System.arraycopy(all, j * rows, squared, 0, rows);
                insert(squared, least[c], second[c], third[c]);
            }
        }
    }

    /** Without branches, and with one index: only so the virtual machine makes it vectors. */
    private static void insert(float[] squared, float[] least, float[] second, float[] third) {
        for (int i = 0; i < squared.length; i++) {
            third[i] = Math.min(third[i], Math.max(second[i], squared[i]));
        }
        for (int i = 0; i < squared.length; i++) {
            second[i] = Math.min(second[i], Math.max(least[i], squared[i]));
        }
        for (int i = 0; i < squared.length; i++) {
            least[i] = Math.min(least[i], squared[i]);
        }
    }

    /**
     * Returns the evidence of a row; 0 where the class answered, or every other one, has fewer than
     * three landmarks.
     */
    double evidence(int row, int answered) {
        double own = Double.POSITIVE_INFINITY;
        double other = Double.POSITIVE_INFINITY;
        for (int c = 0; c < least.length; c++) {
            double mean = mean(least[c][row], second[c][row], third[c][row]);
            if (c == answered) {
                own = mean;
            } else {
                other = Math.min(other, mean);
            }
        }
        if (Double.isInfinite(own) || Double.isInfinite(other)) {
            return 0;
        }
        return Math.log(Math.max(own, Double.MIN_NORMAL))
                - Math.log(Math.max(other, Double.MIN_NORMAL));
    }

    /** Rounding can leave a distance a little below zero. */
    private static double mean(float least, float second, float third) {
        return ((double) Math.max(0, least) + Math.max(0, second) + Math.max(0, third)) / 3;
    }
}
