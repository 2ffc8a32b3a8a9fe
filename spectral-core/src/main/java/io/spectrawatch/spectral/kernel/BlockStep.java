package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/**
 * The operands of one block update: what a sketch gives to the kernels and what they leave behind
 * for its second half. One object per sketch, reused.
 *
 * <p>The new rows of the stack are the block's rows minus one offset: the {@link #anchor}, or the
 * running mean pulled towards the block's own by {@link #pull}. With W the weight before the block
 * and pull = 1 - sqrt(W / (W + n)), their second moment is the block's centred one plus W n / (W +
 * n) times the square of the difference of means: the correction that joins two centred parts
 * (Chan, Golub, LeVeque 1979), without a row of its own.
 */
public final class BlockStep {
    /** The rows as received (n x d). */
    public RowBlock block;

    /** A fixed offset (d), or null to centre on the pulled mean. */
    public DoubleBuffer anchor;

    /** The mean of everything before this block (d). */
    public DoubleBuffer runningMean;

    /** 1 - sqrt(W / (W + n)): 1 for the first block, whose own mean is then the offset. */
    public double pull = 1;

    /** Leading directions to take out in fp64 before products in fp32; -1 for fp64 products. */
    public int deflated = -1;

    /** Terms of the longest sum of fp32 products that enters a moment; 0 for fp64 products. */
    public int singleTerms;

    /** Out: energy of what the fp32 products have seen. */
    public double residualEnergy;

    /** Out: energy of the directions' part that the fp32 products have seen. */
    public double tailEnergy;

    /** Out: the mean of the block's rows (d). */
    public DoubleBuffer blockMean;

    /** Out, host only: the new rows (n x d). */
    DoubleBuffer rows;

    /** Returns the number of new rows. */
    public int count() {
        return block.rows();
    }
}
