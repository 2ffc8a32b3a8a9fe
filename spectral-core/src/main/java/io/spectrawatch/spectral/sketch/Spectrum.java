package io.spectrawatch.spectral.sketch;

/**
 * Eigenvalues and leading eigenvectors of the moment a sketch holds, with the certificate that goes
 * with them.
 */
public final class Spectrum {
    private final int dimension;
    private final long rows;
    private final double[] eigenvalues;
    private final double[] basis;
    private final Ledger ledger;
    private final double[] losses;

    /** Creates a spectrum of whose losses only the ledger is known. */
    public Spectrum(int dimension, long rows, double[] eigenvalues, double[] basis, Ledger ledger) {
        this(dimension, rows, eigenvalues, basis, ledger, new double[0]);
    }

    /**
     * Creates a spectrum.
     *
     * @param dimension d
     * @param rows rows behind it
     * @param eigenvalues s_i^2, descending, at most d
     * @param basis k x d row-major unit vectors, k at most the number of eigenvalues
     * @param losses descending, see {@link #losses}; empty if unknown
     */
    public Spectrum(
            int dimension,
            long rows,
            double[] eigenvalues,
            double[] basis,
            Ledger ledger,
            double[] losses) {
        if (eigenvalues.length > dimension) {
            throw new IllegalArgumentException(
                    "spectrum: at most " + dimension + " eigenvalues, found " + eigenvalues.length);
        }
        if (basis.length % dimension != 0 || basis.length / dimension > eigenvalues.length) {
            throw new IllegalArgumentException(
                    "spectrum: a basis of at most "
                            + eigenvalues.length
                            + " rows of "
                            + dimension
                            + ", found "
                            + basis.length
                            + " elements");
        }
        this.dimension = dimension;
        this.rows = rows;
        this.eigenvalues = eigenvalues.clone();
        this.basis = basis.clone();
        this.ledger = ledger;
        this.losses = losses.clone();
    }

    /** Returns d. */
    public int dimension() {
        return dimension;
    }

    /** Returns the rows behind this spectrum. */
    public long rows() {
        return rows;
    }

    /** Returns s_i^2 in descending order. */
    public double[] eigenvalues() {
        return eigenvalues.clone();
    }

    /**
     * Returns the leading unit vectors (k x d, row-major); the largest entry of each in magnitude
     * is positive.
     */
    public double[] basis() {
        return basis.clone();
    }

    /** Returns k, the number of vectors. */
    public int basisVectors() {
        return basis.length / dimension;
    }

    /**
     * Returns bounds on what was lost by rank, descending: the k largest eigenvalues of E = A^T A -
     * B^T B sum to at most the first k of these and k times the ledger's roundoff; beyond the last
     * each is at most the last. Empty if only the ledger's delta is known.
     */
    public double[] losses() {
        return losses.clone();
    }

    /** Returns the certificate of the sketch this came from. */
    public Ledger ledger() {
        return ledger;
    }
}
