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
    private final double[] gaps;
    private final double half;

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
        this.half = (ledger.deltaPlus() + ledger.deltaMinus()) / 2 + ledger.roundoff();
        this.bounds = new double[k];
        this.gaps = new double[k];
        for (int m = 1; m <= k; m++) {
            double next = m < eigenvalues.length ? eigenvalues[m] : 0;
            gaps[m - 1] = eigenvalues[m - 1] - next;
            double gap = gaps[m - 1] - half;
            bounds[m - 1] = m == spectrum.dimension() ? 0 : gap > 0 ? half / gap : 1;
        }
    }

    /** Returns the bound on the sine for the leading m directions together; 1 says nothing. */
    public double subspace(int m) {
        return Math.min(bounds[m - 1], 1);
    }

    /**
     * Returns the first mode that is not separated from the next one, and why; empty if all are:
     * source-mode displays may then be read.
     */
    public String refusal() {
        for (int m = 0; m < bounds.length; m++) {
            if (bounds[m] >= 1) {
                return "mode "
                        + (m + 1)
                        + " of "
                        + bounds.length
                        + " is not separated from the next: their gap "
                        + gaps[m]
                        + " does not exceed twice the error "
                        + half
                        + " of the sketch";
            }
        }
        return "";
    }
}
