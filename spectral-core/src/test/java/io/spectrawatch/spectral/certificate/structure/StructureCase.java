package io.spectrawatch.spectral.certificate.structure;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.linalg.Dense;
import java.util.Random;

/**
 * A random matrix with groups and a rule, and perturbations of it: the structure theorems' case.
 */
record StructureCase(int rows, int columns, RowGroups groups, double[] matrix, StructureRule rule) {

    static StructureCase draw(Random random) {
        int count = 2 + random.nextInt(3);
        int rows = count + random.nextInt(8);
        int columns = 2 + random.nextInt(8);
        RowGroups groups = RowGroups.equalBlocks(rows, count);
        double[] matrix = Cases.rough(random, rows * columns);
        double[] energies = Display.dense(columns, groups).energies(matrix);
        StructureRule rule;
        if (random.nextBoolean()) {
            rule = StructureRule.atLargestGaps(energies, count, ThresholdOptions.defaults());
        } else {
            double[] theta = new double[count];
            double largest = 0;
            for (int a = 0; a < count; a++) {
                theta[a] = .3 + 2 * random.nextDouble();
                largest = Math.max(largest, theta[a]);
            }
            rule = new StructureRule(theta, largest * (1 + random.nextDouble()), 2);
        }
        return new StructureCase(rows, columns, groups, matrix, rule);
    }

    Display display() {
        return Display.dense(columns, groups);
    }

    Structure structure(double[] of) {
        return new Structure(display().energies(of), rule);
    }

    Structure structure() {
        return structure(matrix);
    }

    double columnNorm(double[] d) {
        return Cases.columnNorm(rows, columns, d);
    }

    /**
     * The p-th perturbation: everywhere, in one column, or straight towards or away from zero with
     * every column at full length.
     */
    double[] perturbation(Random random, int p) {
        double[] d = Cases.gaussian(random, matrix.length);
        if (p % 4 == 1) {
            int only = random.nextInt(columns);
            for (int at = 0; at < d.length; at++) {
                d[at] = at % columns == only ? d[at] : 0;
            }
        } else if (p % 4 >= 2) {
            double sign = p % 4 == 2 ? -1 : 1;
            for (int j = 0; j < columns; j++) {
                double square = 0;
                for (int i = 0; i < rows; i++) {
                    square += matrix[i * columns + j] * matrix[i * columns + j];
                }
                for (int i = 0; i < rows; i++) {
                    int at = i * columns + j;
                    d[at] = sign * matrix[at] / Math.sqrt(square);
                }
            }
        }
        return d;
    }

    /** Mostly the column norm, in which the radius is exact; the larger norms now and then. */
    double norm(double[] d, int p) {
        return switch (p % 20) {
            case 0 -> Cases.spectralNorm(rows, columns, d);
            case 4 -> Dense.norm(d);
            default -> columnNorm(d);
        };
    }

    /** The change of column norm r + t that the binding test of the radius says is enough. */
    double[] witness(Radius radius, double t) {
        Structure s = structure();
        double[] d = new double[matrix.length];
        switch (radius.test()) {
            case ACTIVITY -> {
                double gap = s.energy(radius.group(), radius.column()) - rule.theta(radius.group());
                grow(s, radius.group(), radius.column(), -(gap + Math.copySign(t, gap)), d);
            }
            case EDGE_ABSENT -> {
                // Both blocks share one column, so the rises share the length r + t.
                for (int a : new int[] {radius.group(), radius.other()}) {
                    double rise = rule.eta() - s.energy(a, radius.column());
                    if (rise > 0) {
                        grow(s, a, radius.column(), rise * (1 + t / radius.value()), d);
                    }
                }
            }
            case EDGE_PRESENT -> {
                for (int j = 0; j < columns; j++) {
                    double a = s.energy(radius.group(), j);
                    double b = s.energy(radius.other(), j);
                    double excess = Math.min(a, b) - rule.eta();
                    if (excess > 0) {
                        grow(s, a <= b ? radius.group() : radius.other(), j, -(excess + t), d);
                    }
                }
            }
            case NONE -> throw new IllegalArgumentException("nothing binds the radius");
        }
        return d;
    }

    /** Adds to d what lengthens the block of a group in a column by an amount. */
    void grow(Structure s, int group, int column, double amount, double[] d) {
        double energy = s.energy(group, column);
        boolean first = true;
        for (int i = 0; i < rows; i++) {
            if (groups.groupOf(i) == group) {
                int at = i * columns + column;
                double unit = energy > 0 ? matrix[at] / energy : first ? 1 : 0;
                d[at] += amount * unit;
                first = false;
            }
        }
    }
}
