package io.spectrawatch.spectral.sketch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The kinds of input a sketch must survive. */
enum Streams {
    DECAYING {
        @Override
        double[] row(Random random, int d, int i) {
            return gaussian(random, d, 2, 0.75);
        }
    },
    WHITE {
        @Override
        double[] row(Random random, int d, int i) {
            return gaussian(random, d, 0, 0);
        }
    },
    RANK_THREE {
        @Override
        double[] row(Random random, int d, int i) {
            double[] row = new double[d];
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            double c = random.nextGaussian();
            for (int j = 0; j < d; j++) {
                row[j] = a * Math.sin(j) + b * Math.cos(2 * j) + c * (j % 3 - 1);
            }
            return row;
        }
    },
    CONSTANT {
        @Override
        double[] row(Random random, int d, int i) {
            double[] row = new double[d];
            for (int j = 0; j < d; j++) {
                row[j] = 0.1 + j;
            }
            return row;
        }
    },
    ZERO {
        @Override
        double[] row(Random random, int d, int i) {
            return new double[d];
        }
    },
    MASSIVE_CHANNEL {
        @Override
        double[] row(Random random, int d, int i) {
            double[] row = gaussian(random, d, 0, 0.5);
            row[d / 2] = 1000 * (1 + random.nextGaussian());
            return row;
        }
    },
    MASSIVE_DIRECTION {
        @Override
        double[] row(Random random, int d, int i) {
            double[] row = gaussian(random, d, 0, 0.5);
            double along = 1000 * random.nextGaussian();
            for (int j = 0; j < d; j++) {
                row[j] += along * Math.cos(1 + j) / Math.sqrt(d);
            }
            return row;
        }
    },
    LARGE_MEAN {
        @Override
        double[] row(Random random, int d, int i) {
            return gaussian(random, d, 1e6, 0.5);
        }
    },
    REGIMES {
        @Override
        double[] row(Random random, int d, int i) {
            double[] row = gaussian(random, d, i / 100, 1);
            double[] turned = new double[d];
            for (int j = 0; j < d; j++) {
                turned[j] = row[(j + 7 * (i / 100)) % d];
            }
            return turned;
        }
    },
    TINY {
        @Override
        double[] row(Random random, int d, int i) {
            return scaled(gaussian(random, d, 1, 0.5), 1e-140);
        }
    },
    HUGE {
        @Override
        double[] row(Random random, int d, int i) {
            return scaled(gaussian(random, d, 1, 0.5), 1e140);
        }
    };

    abstract double[] row(Random random, int d, int i);

    List<double[]> rows(Random random, int count, int d) {
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] row = row(random, d, i);
            rows.add(row);
        }
        return rows;
    }

    private static double[] gaussian(Random random, int d, double mean, double decay) {
        double[] row = new double[d];
        for (int j = 0; j < d; j++) {
            row[j] = mean + random.nextGaussian() * Math.pow(j + 1, -decay);
        }
        return row;
    }

    private static double[] scaled(double[] row, double factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= factor;
        }
        return row;
    }
}
