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

    /**
     * Creates a spectrum.
     *
     * @param dimension d
     * @param rows rows behind it
     * @param eigenvalues s_i^2, descending, at most d
     * @param basis k x d row-major unit vectors, k at most the number of eigenvalues
     */
    public Spectrum(int dimension, long rows, double[] eigenvalues, double[] basis, Ledger ledger) {
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

    /** Returns the certificate of the sketch this came from. */
    public Ledger ledger() {
        return ledger;
    }
}
