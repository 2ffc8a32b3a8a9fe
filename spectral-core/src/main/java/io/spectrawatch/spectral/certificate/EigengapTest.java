package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;

/**
 * Whether a sketch's leading directions are certified: sin of the angle between true and sketched
 * leading m-dimensional subspaces is at most w / gap_m with gap_m = s_m^2 - s_{m+1}^2 - w and w
 * half the width of the ledger's interval (Davis and Kahan 1970, after centring the error).
 */
public final class EigengapTest {
    private final double[] bounds;

    /**
     * Tests the leading 1 to k directions.
     *
     * @param k at most the number of eigenvalues
     */
    public EigengapTest(Spectrum spectrum, int k) {
        double[] eigenvalues = spectrum.eigenvalues();
        if (k < 1 || k > eigenvalues.length) {
            throw new IllegalArgumentException(
                    "eigengap test: 1 to " + eigenvalues.length + " modes expected, found " + k);
        }
        Ledger ledger = spectrum.ledger();
        double half = (ledger.deltaPlus() + ledger.deltaMinus()) / 2 + ledger.roundoff();
        this.bounds = new double[k];
        for (int m = 1; m <= k; m++) {
            double next = m < eigenvalues.length ? eigenvalues[m] : 0;
            double gap = eigenvalues[m - 1] - next - half;
            bounds[m - 1] = m == spectrum.dimension() ? 0 : gap > 0 ? half / gap : 1;
        }
    }

    /** Returns the bound on the sine for the leading m directions together; 1 says nothing. */
    public double subspace(int m) {
        return Math.min(bounds[m - 1], 1);
    }

    /** Returns whether every single mode up to k is separated: source-mode displays may be read. */
    public boolean allModesSeparated() {
        for (double bound : bounds) {
            if (bound >= 1) {
                return false;
            }
        }
        return true;
    }
}
