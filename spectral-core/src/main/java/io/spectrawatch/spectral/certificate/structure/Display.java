package io.spectrawatch.spectral.certificate.structure;

import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.linalg.Dense;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Reads a Physical Alignment Matrix P = L A R^T through its factors, without forming it: L has a
 * row per output channel, R a row per displayed column, A is the small transport.
 *
 * <p>Cost of the energies: (sum over groups of min(group size, k')) * k * columns.
 */
public final class Display {
    private final RowGroups groups;
    private final double[] left;
    private final int leftRank;
    private final int columns;
    private final int rightRank;

    /** R^T (k x columns), or null if R is the identity. */
    private final double[] right;

    /** The same, a row an array; null if R is the identity. */
    private final double[][] rightRows;

    /** For each group F with F^T F = L_G^T L_G, so that ||L_G z|| = ||F z||. */
    private final double[][] factors;

    /** The same for all grouped rows together. */
    private final double[] whole;

    /** S with S^T S = R^T R (s x k), or null if R is the identity. */
    private final double[] columnFactor;

    private Display(RowGroups groups, double[] left, int leftRank, int columns, double[] right) {
        this.groups = groups;
        this.left = left;
        this.leftRank = leftRank;
        this.columns = columns;
        this.right = right;
        this.rightRank = right == null ? columns : right.length / columns;
        this.rightRows = right == null ? null : Dense.rows(rightRank, columns, right);
        this.factors = new double[groups.groups()][];
        for (int a = 0; a < factors.length; a++) {
            int group = a;
            factors[a] = factor(row -> groups.groupOf(row) == group);
        }
        this.whole = factor(row -> groups.groupOf(row) >= 0);
        this.columnFactor =
                right == null
                        ? null
                        : Dense.triangle(
                                columns, rightRank, Dense.transpose(rightRank, columns, right));
    }

    private double[] factor(IntPredicate taken) {
        int size = 0;
        double[] block = new double[groups.rows() * leftRank];
        for (int i = 0; i < groups.rows(); i++) {
            if (taken.test(i)) {
                System.arraycopy(left, i * leftRank, block, size++ * leftRank, leftRank);
            }
        }
        return Dense.triangle(size, leftRank, Arrays.copyOf(block, size * leftRank));
    }

    /**
     * Displays physical input-output channels: P = V' A V^T, free of any sign or rotation of the
     * windows' bases. Channel windows display their channels.
     */
    public static Display physical(FrozenWindow x, FrozenWindow y, RowGroups groups) {
        double[] right = x.ofChannels() ? null : x.basisValues();
        int columns = x.ofChannels() ? x.rank() : x.dimension();
        return new Display(groups, leftOf(y, groups), y.rank(), columns, right);
    }

    /**
     * Displays source modes: P = V' A, columns are directions of the first layer's window. Columns
     * rotate inside near-degenerate clusters: see {@code EigengapTest}.
     */
    public static Display sourceModes(FrozenWindow x, FrozenWindow y, RowGroups groups) {
        return new Display(groups, leftOf(y, groups), y.rank(), x.rank(), null);
    }

    /** Displays a matrix given entry by entry: A is P itself. */
    static Display dense(int columns, RowGroups groups) {
        int rows = groups.rows();
        return new Display(groups, Dense.identity(rows), rows, columns, null);
    }

    private static double[] leftOf(FrozenWindow y, RowGroups groups) {
        int rows = y.ofChannels() ? y.rank() : y.dimension();
        if (groups.rows() != rows) {
            throw new IllegalArgumentException(
                    "display: groups over " + rows + " rows expected, found " + groups.rows());
        }
        return y.ofChannels()
                ? Dense.identity(rows)
                : Dense.transpose(y.rank(), rows, y.basisValues());
    }

    /** Returns the row groups. */
    public RowGroups groups() {
        return groups;
    }

    /** Returns the number of displayed columns. */
    public int columns() {
        return columns;
    }

    /** Returns the group-column energies E_a(j) = ||P[G_a, j]||_2 (groups x columns). */
    public double[] energies(double[] a) {
        requireTransport(a);
        double[][] rows = Dense.rows(leftRank, rightRank, a);
        double[] squares = new double[groups.groups() * columns];
        for (int g = 0; g < factors.length; g++) {
            addSquares(factors[g], rows, squares, g * columns);
        }
        for (int i = 0; i < squares.length; i++) {
            squares[i] = Math.sqrt(squares[i]);
        }
        return squares;
    }

    /**
     * Returns the inner products of the blocks P[G_a, j] and Q[G_a, j] (groups x columns), through
     * the small matrices H_a = A^T (L_a^T L_a) B; exact to rounding of the whole, not of each.
     */
    public double[] inner(double[] a, double[] b) {
        requireTransport(a);
        requireTransport(b);
        double[] transposed = Dense.transpose(leftRank, rightRank, a);
        double[] out = new double[groups.groups() * columns];
        for (int g = 0; g < factors.length; g++) {
            int rank = factors[g].length / leftRank;
            double[] fb = Dense.multiply(rank, leftRank, rightRank, factors[g], b);
            double[] fa =
                    Dense.multiply(
                            rightRank,
                            leftRank,
                            rank,
                            transposed,
                            Dense.transpose(rank, leftRank, factors[g]));
            double[] h = Dense.multiply(rightRank, rank, rightRank, fa, fb);
            addForms(h, out, g * columns);
        }
        return out;
    }

    /**
     * Adds the quadratic form of H (rightRank x rightRank) in every column of R^T. A form sees the
     * symmetric part of H alone, which halves the products.
     */
    private void addForms(double[] h, double[] out, int at) {
        if (right == null) {
            for (int r = 0; r < rightRank; r++) {
                out[at + r] += h[r * (rightRank + 1)];
            }
            return;
        }
        for (int r = 0; r < rightRank; r++) {
            for (int c = r + 1; c < rightRank; c++) {
                h[r * rightRank + c] += h[c * rightRank + r];
            }
        }
        double[] line = new double[columns];
        for (int r = 0; r < rightRank; r++) {
            Arrays.fill(line, 0);
            Dense.addRows(rightRank - r, h, r * (rightRank + 1), rightRows, r, line);
            for (int j = 0; j < columns; j++) {
                out[at + j] += rightRows[r][j] * line[j];
            }
        }
    }

    /** Adds the squared lengths of the columns of F A R^T to out, from an index on. */
    private void addSquares(double[] factor, double[][] a, double[] out, int at) {
        double[] coordinates = new double[rightRank];
        double[] line = right == null ? coordinates : new double[columns];
        for (int r = 0; r < factor.length / leftRank; r++) {
            Arrays.fill(coordinates, 0);
            Dense.addRows(leftRank, factor, r * leftRank, a, 0, coordinates);
            if (right != null) {
                Arrays.fill(line, 0);
                Dense.addRows(rightRank, coordinates, 0, rightRows, 0, line);
            }
            for (int j = 0; j < columns; j++) {
                out[at + j] += line[j] * line[j];
            }
        }
    }

    /** Returns max_j of the length of column j over all grouped rows: ||P||_col. */
    public double columnNorm(double[] a) {
        requireTransport(a);
        double[] squares = new double[columns];
        addSquares(whole, Dense.rows(leftRank, rightRank, a), squares, 0);
        return Math.sqrt(Arrays.stream(squares).max().orElse(0));
    }

    /**
     * Returns vectors with the lengths and inner products of the rows of P (rows x rank): enough
     * for row energies and profile angles.
     */
    public double[] rowCoordinates(double[] a) {
        requireTransport(a);
        double[] rows = Dense.multiply(groups.rows(), leftRank, rightRank, left, a);
        if (right == null) {
            return rows;
        }
        int rank = columnFactor.length / rightRank;
        return Dense.multiply(
                groups.rows(),
                rightRank,
                rank,
                rows,
                Dense.transpose(rank, rightRank, columnFactor));
    }

    /** Returns P entry by entry (rows x columns); for small matrices. */
    public double[] matrix(double[] a) {
        requireTransport(a);
        double[] rows = Dense.multiply(groups.rows(), leftRank, rightRank, left, a);
        return right == null
                ? rows
                : Dense.multiply(groups.rows(), rightRank, columns, rows, right);
    }

    private void requireTransport(double[] a) {
        if (a.length != leftRank * rightRank) {
            throw new IllegalArgumentException(
                    "display: a transport of "
                            + leftRank
                            + " x "
                            + rightRank
                            + " expected, found "
                            + a.length
                            + " entries");
        }
    }
}
