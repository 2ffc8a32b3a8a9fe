package io.spectrawatch.spectral.kernel;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * Dense fp64 arithmetic on direct native-order buffers; all matrices are row-major and contiguous
 * unless a leading dimension is named.
 *
 * <p>An instance belongs to one thread at a time and owns the {@link Workspace} that all sketches
 * built on it share. Results are a function of the arguments alone: the thread count is fixed.
 */
public interface Kernels extends AutoCloseable {
    /**
     * A product of this many rows, or a multiple of it, gives a row the same result to the last bit
     * wherever among them it stands: no row of it is left to a kernel for what remains. OpenBLAS
     * takes 24 rows at a time with AVX-512, and 4, 8 or 16 without.
     */
    int EVEN_ROWS = 24;

    /** Returns what does the arithmetic. */
    KernelDescription description();

    /** Returns the longest sum of fp32 products, for rows of width d, before fp64 takes over. */
    int singleChunk(int d);

    /** Returns the scratch memory shared by everything that uses this instance. */
    Workspace workspace();

    /**
     * Centres a block and multiplies: fills the blocks of the stack's Gram matrix that involve new
     * rows. With r = {@code rank} and c = {@code step.count()}, {@code gram} is (r + c) x (r + c);
     * of its upper triangle rows 0 to r - 1 get their columns from r on, and rows from r on are
     * filled.
     *
     * <p>If {@code step.deflated} is not negative, all but the part along so many leading
     * directions is multiplied in fp32, in sums of at most {@link #singleChunk} terms.
     *
     * @param directions r x d
     * @return the energy of the new rows; not finite if some input is not, or if its square is not
     */
    double blockProducts(BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram);

    /**
     * Computes {@code out} (k x d) = W times the stack of {@code directions} (rank x d) and the new
     * rows of the step that {@link #blockProducts} has seen last.
     *
     * @param weights W, k x (rank + count), contiguous
     */
    void blockRotate(
            BlockStep step,
            int k,
            int rank,
            DoubleBuffer directions,
            DoubleBuffer weights,
            DoubleBuffer out);

    /**
     * Centres a block, multiplies the upper triangle of {@code moment} (d x d) by {@code keep} and
     * adds the block's second moment to it.
     *
     * <p>If {@code step.singleTerms} is positive, the products may be of rows narrowed to fp32, in
     * fp32 sums of at most so many terms that are added in fp64; the energy is fp64 all the same.
     *
     * @param most largest energy of the new rows that is let in
     * @return the energy of the new rows; if it is not at most {@code most}, the moment is
     *     unchanged
     */
    double blockMoment(BlockStep step, double keep, double most, DoubleBuffer moment);

    /**
     * Adds to {@code products} (g x d) the g {@code probes} (g x d) times the second moment of the
     * new rows of the step that {@link #blockProducts} or {@link #blockMoment} has seen last.
     */
    void blockProbes(BlockStep step, int g, DoubleBuffer probes, DoubleBuffer products);

    /**
     * Takes rows of a block about an anchor and projects them: fills what {@link WindowStep} says.
     *
     * <p>The rows are remembered: a sketch about an equal anchor that takes the whole of the same
     * block next does not convert them again, with the same results bit for bit.
     */
    void project(WindowStep step);

    /** Returns the sum of the squares of {@code count} elements from the position on. */
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
     * Computes {@code out} (k x d) = {@code w} (k x m) times {@code rows} (m x d, direct) in fp32,
     * in any order of summation, which may hang on where a row stands: for bounds that allow for
     * its rounding, and for whole numbers whose sums stay within 2^24 and have none.
     */
    void singleProduct(int k, int m, int d, float[] w, FloatBuffer rows, float[] out);

    /**
     * Computes {@code out} (n x k) = {@code rows} (n x d) times {@code directions} (d x k); k is
     * small.
     */
    default void coordinates(
            int n, int d, int k, DoubleBuffer rows, DoubleBuffer directions, DoubleBuffer out) {
        rotate(n, d, k, rows, 0, d, directions, false, out);
    }

    /**
     * Computes {@code out} (k x m) = the transpose of {@code a} (n x k) times {@code b} (n x m),
     * both from their positions on; k and m are small.
     */
    void crossMoment(int k, int m, int n, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out);

    /**
     * Solves the symmetric eigenproblem: reads the upper triangle of {@code a} (m x m), writes the
     * eigenvalues in ascending order to {@code values} and the unit eigenvectors to the rows of
     * {@code a}.
     *
     * @throws KernelException if the iteration does not converge
     */
    void eigen(int m, DoubleBuffer a, DoubleBuffer values);

    /**
     * Solves the symmetric eigenproblem as {@link #eigen} does, but only the rows of {@code a} from
     * m - k on are defined afterwards: the vectors of the k largest eigenvalues.
     *
     * @throws KernelException if the iteration does not converge
     */
    void leadingEigen(int m, int k, DoubleBuffer a, DoubleBuffer values);

    @Override
    void close();
}
