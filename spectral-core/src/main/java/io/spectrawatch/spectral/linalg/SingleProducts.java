package io.spectrawatch.spectral.linalg;

/**
 * When an exact moment's products are fp32, in which chunks of a block, and what that rounds: a
 * pure function of the options and the block's shape, whatever the kernels do, so that every
 * machine books alike.
 *
 * <p>Rows X narrowed to fp32 and multiplied in sums of c terms, in any order and with or without
 * fused operations, give X^T X with an error of at most gamma_(c+2) |X|^T |X| in every element
 * (Higham 2002, ch. 3 and 4), hence of at most gamma_(c+2) times the energy in Frobenius norm and
 * in trace; gamma here is of fp32. Kernels scale the block to an energy near 1, so that nothing
 * overflows and what underflows is less than {@link #UNDERFLOW} of the energy for each of c d
 * terms, even where tiny numbers are flushed to zero. One term more stands for what fp64 rounds.
 */
public final class SingleProducts {
    /** Columns from which fp32 products pay for adding them to the fp64 moment, as measured. */
    public static final int LEAST_COLUMNS = 256;

    /** Terms of a sum below which they do not: a moment is added to for every sum. */
    public static final int LEAST_TERMS = 144;

    private static final int OTHER_ROUNDINGS = 3;

    /** Numbers below 2^-126 that are lost, sixteen times over, beside an energy of 1. */
    private static final double UNDERFLOW = 0x1p-120;

    private SingleProducts() {}

    /**
     * Returns the most rows of a block whose products are summed in fp32, 0 for fp64 products.
     *
     * @param share most of the energy that they may be wrong by
     */
    public static int chunk(double share, int rows, int columns) {
        if (columns < LEAST_COLUMNS || rows < LEAST_TERMS || share == 0) {
            return 0;
        }
        int chunks = 1;
        while (rows / chunks >= LEAST_TERMS) {
            int terms = (rows + chunks - 1) / chunks;
            if (share(terms, columns) <= share) {
                return terms;
            }
            chunks++;
        }
        return 0;
    }

    /** Returns whether some block of at most so many rows has fp32 products. */
    public static boolean possible(double share, int rows, int columns) {
        return rows >= LEAST_TERMS && chunk(share, LEAST_TERMS, columns) > 0;
    }

    /** Returns the share of the energy that sums of so many fp32 products may be wrong by. */
    public static double share(int terms, int columns) {
        return Roundoff.singleGamma(terms + OTHER_ROUNDINGS) + UNDERFLOW * terms * columns;
    }
}
