package io.spectrawatch.ops.bench;

import java.util.Random;

/** The spectra of the quality report. */
enum QualityStream {
    EQUAL("equal eigenvalues") {
        @Override
        double[] row(Random random, int d, int i, int count) {
            return power(random, d, 0);
        }
    },
    SLOW_DECAY("eigenvalues i^-0.5") {
        @Override
        double[] row(Random random, int d, int i, int count) {
            return power(random, d, 0.25);
        }
    },
    FAST_DECAY("eigenvalues i^-2") {
        @Override
        double[] row(Random random, int d, int i, int count) {
            return power(random, d, 1);
        }
    },
    MASSIVE("one direction 1000 times larger") {
        @Override
        double[] row(Random random, int d, int i, int count) {
            double[] row = power(random, d, 0.5);
            double along = 1000 * random.nextGaussian() / Math.sqrt(d);
            for (int j = 0; j < d; j++) {
                row[j] += j % 2 == 0 ? along : -along;
            }
            return row;
        }
    },
    REGIMES("eight regimes") {
        @Override
        double[] row(Random random, int d, int i, int count) {
            double[] row = power(random, d, 0.5);
            int turn = (int) ((long) 8 * i / count) * (d / 8);
            double[] turned = new double[d];
            for (int j = 0; j < d; j++) {
                turned[(j + turn) % d] = row[j];
            }
            return turned;
        }
    };

    private final String title;

    QualityStream(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Draws row {@code i} of {@code count}. */
    abstract double[] row(Random random, int d, int i, int count);

    private static double[] power(Random random, int d, double decay) {
        double[] row = new double[d];
        for (int j = 0; j < d; j++) {
            row[j] = random.nextGaussian() * Math.pow(j + 1, -decay);
        }
        return row;
    }
}
