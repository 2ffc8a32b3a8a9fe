package io.spectrawatch.spectral.certificate;

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

    /** For each group F with F^T F = L_G^T L_G, so that ||L_G z|| = ||F z||. */
    private final double[][] factors;

    private Display(RowGroups groups, double[] left, int leftRank, int columns, double[] right) {
        this.groups = groups;
        this.left = left;
        this.leftRank = leftRank;
        this.columns = columns;
        this.right = right;
        this.rightRank = right == null ? columns : right.length / columns;
        this.factors = new double[groups.groups()][];
        for (int a = 0; a < factors.length; a++) {
            factors[a] = factor(a);
        }
    }

    private double[] factor(int group) {
        int size = 0;
        for (int i = 0; i < groups.rows(); i++) {
            size += groups.groupOf(i) == group ? 1 : 0;
        }
        double[] block = new double[size * leftRank];
        int at = 0;
        for (int i = 0; i < groups.rows(); i++) {
            if (groups.groupOf(i) == group) {
                System.arraycopy(left, i * leftRank, block, at, leftRank);
                at += leftRank;
            }
        }
        return Dense.triangle(size, leftRank, block);
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
     * rotate inside near-degenerate clusters: see {@link EigengapTest}.
     */
    public static Display sourceModes(FrozenWindow x, FrozenWindow y, RowGroups groups) {
        return new Display(groups, leftOf(y, groups), y.rank(), x.rank(), null);
    }

    /** Displays a matrix given entry by entry: A is P itself. */
    public static Display dense(int columns, RowGroups groups) {
        int rows = groups.rows();
        return new Display(groups, Dense.identity(rows), rows, columns, null);
    }

    /**
     * Displays a product of factors.
     *
     * @param left L (rows x leftRank)
     * @param right R^T (rightRank x columns)
     */
    static Display ofFactors(
            RowGroups groups, double[] left, int leftRank, int columns, double[] right) {
        return new Display(groups, left, leftRank, columns, right);
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
        double[] squares = inner(a, a);
        for (int i = 0; i < squares.length; i++) {
            squares[i] = Math.sqrt(squares[i]);
        }
        return squares;
    }

    /** Returns the inner products of the blocks P[G_a, j] and Q[G_a, j] (groups x columns). */
    public double[] inner(double[] a, double[] b) {
        requireTransport(a);
        requireTransport(b);
        double[] out = new double[groups.groups() * columns];
        double[] lineA = new double[columns];
        double[] lineB = a == b ? lineA : new double[columns];
        for (int g = 0; g < factors.length; g++) {
            int rank = factors[g].length / leftRank;
            for (int r = 0; r < rank; r++) {
                line(factors[g], r, a, lineA);
                if (a != b) {
                    line(factors[g], r, b, lineB);
                }
                for (int j = 0; j < columns; j++) {
                    out[g * columns + j] += lineA[j] * lineB[j];
                }
            }
        }
        return out;
    }

    /** Writes row r of F A R^T. */
    private void line(double[] factor, int r, double[] a, double[] out) {
        double[] small = right == null ? out : new double[rightRank];
        java.util.Arrays.fill(out, 0);
        for (int c = 0; c < leftRank; c++) {
            Dense.addScaled(rightRank, factor[r * leftRank + c], a, c * rightRank, small, 0);
        }
        if (right != null) {
            for (int c = 0; c < rightRank; c++) {
                Dense.addScaled(columns, small[c], right, c * columns, out, 0);
            }
        }
    }

    /** Returns max_j of the length of column j over all grouped rows: ||P||_col. */
    public double columnNorm(double[] a) {
        double[] squares = inner(a, a);
        double largest = 0;
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int g = 0; g < groups.groups(); g++) {
                sum += squares[g * columns + j];
            }
            largest = Math.max(largest, sum);
        }
        return Math.sqrt(largest);
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
        double[] tall = Dense.transpose(rightRank, columns, right);
        double[] triangle = Dense.triangle(columns, rightRank, tall);
        int rank = triangle.length / rightRank;
        return Dense.multiply(
                groups.rows(), rightRank, rank, rows, Dense.transpose(rank, rightRank, triangle));
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
