package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/**
 * The operands of one projection: rows of a block about an anchor, in k coordinates, and their sums
 * by two halves. One object per window, reused.
 */
public final class WindowStep {
    /** The rows as received (d wide). */
    public RowBlock block;

    /** First row of the block that is taken. */
    public int from;

    /** Rows taken, n. */
    public int count;

    /** What is subtracted from every row (d). */
    public DoubleBuffer anchor;

    /** k. */
    public int rank;

    /** Directions as columns (d x k), or null for no projection. */
    public DoubleBuffer basis;

    /** Row h is 1 where a row belongs to half h, else 0 (2 x n). */
    public DoubleBuffer members;

    /** Filled, unless there is no basis: the rows' coordinates (n x k). */
    public DoubleBuffer coordinates;

    /** Filled: the sum of each half's rows (2 x d). */
    public DoubleBuffer sums;

    /** Out: the rows about the anchor (n x d); read only, and until the next step. */
    public DoubleBuffer rows;

    /** Out: the sum of the squares of each half's rows. */
    public final double[] energy = new double[2];
}
