package io.spectrawatch.spectral.kernel;

import java.nio.DoubleBuffer;

/**
 * Dense fp64 arithmetic on direct native-order buffers; all matrices are row-major and contiguous
 * unless a leading dimension is named.
 *
 * <p>An instance belongs to one thread at a time and owns the {@link Workspace} that all sketches
 * built on it share. Results are a function of the arguments alone: the thread count is fixed.
 */
public interface Kernels extends AutoCloseable {
    /** Returns what does the arithmetic. */
    KernelDescription description();

    /** Returns the scratch memory shared by everything that uses this instance. */
    Workspace workspace();

    /** Computes {@code mean} (d) = the mean of the n rows of {@code x} (n x d). */
    void mean(int n, int d, DoubleBuffer x, DoubleBuffer mean);

    /** Computes {@code out} (n x d) = {@code x} (n x d) minus {@code offset} (d) in every row. */
    void centre(int n, int d, DoubleBuffer x, DoubleBuffer offset, DoubleBuffer out);

    /** Returns the sum of the squares of the first {@code count} elements of {@code x}. */
    double sumOfSquares(int count, DoubleBuffer x);

    /**
     * Computes {@code a} (n x d) times its transpose into the n x n block of {@code g} that starts
     * at element {@code at} with leading dimension {@code ld}; only the upper triangle is defined.
     */
    void gram(int n, int d, DoubleBuffer a, DoubleBuffer g, int at, int ld);

    /**
     * Computes {@code a} (m x d) times the transpose of {@code b} (n x d) into the m x n block of
     * {@code out} that starts at element {@code at} with leading dimension {@code ld}; with b a
     * basis this is projection.
     */
    void cross(
            int m, int n, int d, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out, int at, int ld);

    /**
     * Adds the transpose of {@code a} (n x d) times {@code a} to the upper triangle of {@code
     * moment} (d x d).
     */
    void addMoment(int n, int d, DoubleBuffer a, DoubleBuffer moment);

    /**
     * Computes {@code out} (k x d) = W {@code rows} (m x d), or adds to it if {@code add}; W is the
     * k x m block of {@code w} that starts at element {@code at} with leading dimension {@code ld}.
     */
    void rotate(
            int k,
            int m,
            int d,
            DoubleBuffer w,
            int at,
            int ld,
            DoubleBuffer rows,
            boolean add,
            DoubleBuffer out);

    /**
     * Solves the symmetric eigenproblem: reads the upper triangle of {@code a} (m x m), writes the
     * eigenvalues in ascending order to {@code values} and the unit eigenvectors to the rows of
     * {@code a}.
     *
     * @throws KernelException if the iteration does not converge
     */
    void eigen(int m, DoubleBuffer a, DoubleBuffer values);

    @Override
    void close();
}
