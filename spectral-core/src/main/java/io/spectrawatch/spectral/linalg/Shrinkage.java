package io.spectrawatch.spectral.linalg;

import java.nio.DoubleBuffer;

/**
 * The shrinking of alpha-Frequent-Directions: of the stack's eigenvalues the l largest stay, the
 * last alpha l of these less delta, the first that does not stay (Desai, Ghashami, Phillips 2016).
 * What a step decided stays until the next one.
 */
public final class Shrinkage {
    private final int rows;

    /** Leading directions that keep their length. */
    private final int untouched;

    private final double[] squares;
    private final RankedLosses losses;

    private int kept;
    private DoubleBuffer weights;
    private double delta;
    private double lost;

    /**
     * @param rows l
     * @param alpha share of the directions that shrink
     * @param squares where the squared lengths of B's rows are written (l)
     * @param losses what every step adds its losses to
     */
    public Shrinkage(int rows, double alpha, double[] squares, RankedLosses losses) {
        this.rows = rows;
        this.untouched = (int) Math.floor((1 - alpha) * rows);
        this.squares = squares;
        this.losses = losses;
    }

    /** Returns the rows of the new B, before those of no length are dropped. */
    public int kept() {
        return kept;
    }

    /** Returns what the stack is multiplied by to become B ({@link #kept} x m). */
    public DoubleBuffer weights() {
        return weights;
    }

    /** Returns the most that the step took from any direction. */
    public double delta() {
        return delta;
    }

    /** Returns the energy that the step took. */
    public double lost() {
        return lost;
    }

    /**
     * Decides how the stack becomes B.
     *
     * @param vectors of the stack's Gram matrix, in rows (m x m); those of the l largest values
     * @param values all m of them, ascending
     * @param out where the weights are written (min(l, m) x m); kept until the next step
     */
    public void decide(int m, DoubleBuffer vectors, DoubleBuffer values, DoubleBuffer out) {
        kept = Math.min(rows, m);
        weights = out;
        delta = m > rows ? Math.max(values.get(m - 1 - rows), 0) : 0;
        lost = 0;
        for (int i = 0; i < kept; i++) {
            double before = Math.max(values.get(m - 1 - i), 0);
            double after = i < untouched ? before : Math.max(before - delta, 0);
            double scale = before > 0 ? Math.sqrt(after / before) : 0;
            for (int j = 0; j < m; j++) {
                weights.put(i * m + j, scale * vectors.get((m - 1 - i) * m + j));
            }
            squares[i] = after;
            lost += before - after;
            if (i >= untouched) {
                losses.lose(i - untouched, Math.min(before, delta));
            }
        }
        for (int i = kept; i < m; i++) {
            double before = Math.max(values.get(m - 1 - i), 0);
            lost += before;
            losses.lose(i - untouched, before);
        }
    }

    /** Multiplies the weights of the first {@code rank} of the stack's m rows. */
    public void scaleKnown(int rank, int m, double factor) {
        for (int i = 0; i < kept; i++) {
            for (int j = 0; j < rank; j++) {
                weights.put(i * m + j, factor * weights.get(i * m + j));
            }
        }
    }
}
