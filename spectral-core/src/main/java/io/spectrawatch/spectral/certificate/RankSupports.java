package io.spectrawatch.spectral.certificate;

import java.util.Arrays;

/**
 * Rank mode: the active columns of a group are its s_a largest. Threshold mode is the default: one
 * number per group, exact in every norm.
 */
public final class RankSupports {
    private final int columns;
    private final boolean[] active;
    private final double[] gaps;

    /**
     * Takes the largest columns.
     *
     * @param energies groups x columns
     * @param sizes s_a, from 1 to columns - 1
     */
    public RankSupports(double[] energies, int... sizes) {
        int groups = sizes.length;
        this.columns = energies.length / groups;
        this.active = new boolean[energies.length];
        this.gaps = new double[groups];
        for (int a = 0; a < groups; a++) {
            if (sizes[a] < 1 || sizes[a] >= columns) {
                throw new IllegalArgumentException(
                        "rank supports: 1 to "
                                + (columns - 1)
                                + " columns expected, found "
                                + sizes[a]);
            }
            double[] sorted = Arrays.copyOfRange(energies, a * columns, (a + 1) * columns);
            Arrays.sort(sorted);
            double last = sorted[columns - sizes[a]];
            gaps[a] = last - sorted[columns - sizes[a] - 1];
            for (int j = 0; j < columns; j++) {
                active[a * columns + j] = energies[a * columns + j] >= last;
            }
        }
    }

    /** Returns whether a column is among the largest of a group. */
    public boolean active(int group, int column) {
        return active[group * columns + column];
    }

    /** Returns gamma_a, the gap between the last active and the first inactive energy. */
    public double gap(int group) {
        return gaps[group];
    }

    /** Returns the exact radius in column norm, half the smallest gap; 0 means ties: refuse. */
    public double radius() {
        return Arrays.stream(gaps).min().orElse(0) / 2;
    }

    /** Returns the exact radius in Frobenius norm, where two blocks have to move. */
    public double frobeniusRadius() {
        return radius() * Math.sqrt(2);
    }
}
