package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.Optional;

/**
 * A mergeable summary B of the centred second moment A^T A of a stream of rows, with a certificate
 * of the difference.
 *
 * <p>The state is a function of the sequence of updates and merges alone. An operation that throws
 * because of its argument leaves the sketch unchanged; after a {@code KernelException}, a failure
 * of the machine, it can only be closed. Not thread-safe; all sketches built on one {@code Kernels}
 * share its scratch memory and its thread.
 */
public interface SecondMomentSketch extends AutoCloseable {
    /**
     * Largest magnitude of a value, and of an anchor's: squares of differences summed over any
     * block stay far below the largest energy.
     */
    double MOST_VALUE = 0x1p470;

    /** Returns d, the width of a row. */
    int dimension();

    /** Returns the number of rows taken, merged sketches included. */
    long rows();

    /** Returns F, the total energy of the centred rows. */
    double energy();

    /** Returns the mean of the rows (d). */
    double[] mean();

    /**
     * Returns the fixed vector subtracted from every row, or empty if rows are centred on their
     * mean.
     */
    Optional<Anchor> anchor();

    /** Returns the options it was made with. */
    SketchOptions options();

    /** Returns the certificate. */
    Ledger ledger();

    /** Returns EXACT or FREQUENT_DIRECTIONS. */
    SketchKind kind();

    /**
     * Takes all rows of a block in one step; the block's boundaries are part of the result.
     *
     * @throws io.spectrawatch.spectral.tensor.InvalidRowsException if the block is empty, of
     *     another width, not finite, or so large that energies could overflow
     * @throws ArithmeticAlarmException if the ledger contradicts the state: the arithmetic failed
     */
    void update(RowBlock block);

    /**
     * Adds the rows another sketch has seen; any merge tree is valid and the bounds add up. An
     * exact moment takes Frequent Directions, too, and then bounds what these had let go.
     *
     * @throws IncompatibleSketchException if dimension, anchor or probes differ, or the kind but
     *     for that case, or a sum would overflow
     */
    void merge(SecondMomentSketch other);

    /**
     * Returns the spectrum about the rows' mean: for an anchored sketch the exact rank-one downdate
     * of {@link #spectrum}, for a centred one the same.
     */
    Spectrum centredSpectrum(int basisVectors);

    /**
     * Returns eigenvalues and the leading right singular vectors.
     *
     * @param basisVectors vectors wanted; fewer come back if the state has lower rank
     */
    Spectrum spectrum(int basisVectors);

    /**
     * Removes rows that this sketch has seen, given as a sketch of exactly these rows; only exact
     * moments can.
     *
     * @throws IncompatibleSketchException if either is not EXACT, they differ in dimension, anchor
     *     or probes, or the other has more rows or weight
     */
    void subtract(SecondMomentSketch part);

    /**
     * Multiplies everything held so far by a factor in (0, 1], the ledger included: brings two
     * decayed sketches to the same time before a merge.
     */
    void fade(double factor);

    /** Returns what the probes say about the true error, or empty without probes. */
    Optional<ErrorEstimate> estimateError();

    /**
     * Returns what the probes say about the eigenvalues of {@link #centredSpectrum}; empty without
     * probes, without energy, and for an exact moment, which has nothing left to estimate.
     */
    Optional<ProbeEvidence> probeEvidence();

    /** Computes {@code out} (k x d) = {@code vectors} (k x d) times B^T B. */
    void multiply(int k, DoubleBuffer vectors, DoubleBuffer out);

    /** Writes B^T B as a full d x d row-major matrix. */
    void momentInto(DoubleBuffer moment);

    /**
     * Returns a binary form half as large for keeping: the state rounded to fp32, what that costs
     * computed and added to both deltas, T re-based. It reads back like any other.
     *
     * @throws ArithmeticAlarmException if an entry does not fit fp32
     */
    byte[] seal();

    /** Returns the versioned binary form, from which the sketch continues bit for bit. */
    byte[] toBytes();

    /** Gives the state's memory back; the sketch must not be used afterwards. */
    @Override
    void close();
}
