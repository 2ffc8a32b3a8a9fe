package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/**
 * A mergeable summary B of the centred second moment A^T A of a stream of rows, with a certificate
 * of the difference.
 *
 * <p>The state is a function of the sequence of updates and merges alone. An operation that throws
 * leaves the sketch unchanged. Not thread-safe; all sketches built on one {@code Kernels} share its
 * scratch memory and its thread.
 */
public interface SecondMomentSketch extends AutoCloseable {
    /** Returns d, the width of a row. */
    int dimension();

    /** Returns the number of rows taken, merged sketches included. */
    long rows();

    /** Returns F, the total energy of the centred rows. */
    double energy();

    /** Returns the mean of the rows (d). */
    double[] mean();

    /** Returns the certificate. */
    Ledger ledger();

    /** Returns EXACT or FREQUENT_DIRECTIONS. */
    SketchKind kind();

    /**
     * Takes all rows of a block in one step; the block's boundaries are part of the result.
     *
     * @throws io.spectrawatch.spectral.tensor.InvalidRowsException if the block is empty, of
     *     another width or not finite
     * @throws ArithmeticAlarmException if the ledger contradicts the state: the arithmetic failed
     */
    void update(RowBlock block);

    /**
     * Adds the rows another sketch has seen; any merge tree is valid and the bounds add up.
     *
     * @throws IncompatibleSketchException if kind or dimension differ
     */
    void merge(SecondMomentSketch other);

    /**
     * Returns eigenvalues and the leading right singular vectors.
     *
     * @param basisVectors vectors wanted; fewer come back if the state has lower rank
     */
    Spectrum spectrum(int basisVectors);

    /** Writes B^T B as a full d x d row-major matrix. */
    void momentInto(DoubleBuffer moment);

    /** Returns the versioned binary form, from which the sketch continues bit for bit. */
    byte[] toBytes();

    /** Gives the state's memory back; the sketch must not be used afterwards. */
    @Override
    void close();
}
