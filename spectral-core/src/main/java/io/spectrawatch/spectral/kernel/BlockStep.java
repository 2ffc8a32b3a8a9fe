package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/**
 * The operands of one block update: what a sketch gives to the kernels and what they leave behind
 * for its second half. One object per sketch, reused.
 *
 * <p>The new rows of the stack are the block's rows minus the offset and, if {@link #correction} is
 * positive, one more row: correction times (running mean minus block mean).
 */
public final class BlockStep {
    /** The rows as received (n x d). */
    public RowBlock block;

    /** A fixed offset (d), or null to centre on the block's own mean. */
    public DoubleBuffer anchor;

    /** The mean of everything before this block (d). */
    public DoubleBuffer runningMean;

    /** sqrt(W n / (W + n)), or 0 for no correction row. */
    public double correction;

    /** Leading directions to take out in fp64 before products in fp32; -1 for fp64 products. */
    public int deflated = -1;

    /** Out: energy of what the fp32 products have seen. */
    public double residualEnergy;

    /** Out: energy of the directions' part that the fp32 products have seen. */
    public double tailEnergy;

    /** Out: the mean of the block's rows (d). */
    public DoubleBuffer blockMean;

    /** Out: squared length of the correction row. */
    public double correctionSquare;

    /** Out, host only: the new rows ((n + 1) x d). */
    DoubleBuffer rows;

    /** Returns the number of new rows. */
    public int count() {
        return block.rows() + (correction > 0 ? 1 : 0);
    }

    /** Writes the correction row and notes its length. */
    void writeCorrection(DoubleBuffer out, int at) {
        correctionSquare = 0;
        if (correction > 0) {
            for (int j = 0; j < block.dimension(); j++) {
                double entry = correction * (runningMean.get(j) - blockMean.get(j));
                out.put(at + j, entry);
                correctionSquare += entry * entry;
            }
        }
    }
}
