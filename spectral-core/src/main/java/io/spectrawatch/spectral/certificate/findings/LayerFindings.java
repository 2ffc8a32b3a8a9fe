package io.spectrawatch.spectral.certificate.findings;

import io.spectrawatch.spectral.certificate.moments.CentredLayer;
import io.spectrawatch.spectral.linalg.PrincipalAngles;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import io.spectrawatch.spectral.linalg.WindowSpectra;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.Arrays;

/**
 * What a pane's window moment says about one of its two layers, without any sketch.
 *
 * <p>The window moment M is a principal block of the layer's moment A, with block R outside: its
 * eigenvalues are at most those of A (Cauchy), and those of A exceed them by at most tr R, one by
 * one and in leading sums (Bourin and Lee, Unitary orbits of Hermitian operators with convex or
 * concave functions, 2012). tr R is the escape, which is known.
 *
 * @param chart the power-law chart with the intervals that follow; null if no energy is inside
 * @param rotation principal angles, inside the window, between the leading directions of the pane
 *     and of the reference, as many as hold a share 0.9 of the reference's window energy; null if
 *     these fill the window
 * @param rotationError bound on the error of the largest sine; 1 says nothing
 */
public record LayerFindings(LayerChart chart, PrincipalAngles rotation, double rotationError) {
    /** q of the effective rank. */
    static final double SHARE = 0.9;

    /** Jacobi's error in units of n u, generously. */
    private static final double SOLVER = 32;

    public static LayerFindings of(ReferenceLayer reference, CentredLayer layer) {
        int k = layer.window.rank();
        SymmetricMatrix.Eigen now = new SymmetricMatrix(k, layer.moment).eigen();
        SymmetricMatrix.Eigen before = new SymmetricMatrix(k, reference.moment()).eigen();
        double error = layer.momentError + SOLVER * k * Roundoff.UNIT;
        int leading = Math.min(effectiveRank(before.values()), k - 1);
        if (leading < 1) {
            return new LayerFindings(chart(layer, now.values(), error), null, 1);
        }
        PrincipalAngles rotation =
                PrincipalAngles.between(
                        Arrays.copyOf(before.vectors(), leading * k),
                        Arrays.copyOf(now.vectors(), leading * k),
                        k);
        return new LayerFindings(
                chart(layer, now.values(), error),
                rotation,
                rotation(now.values(), leading, error));
    }

    private static int effectiveRank(double[] values) {
        double[] held = positive(values);
        return Arrays.stream(held).sum() > 0
                ? WindowSpectra.effectiveRank(WindowSpectra.normalise(held), SHARE)
                : values.length;
    }

    private static LayerChart chart(CentredLayer layer, double[] values, double error) {
        double[] held = positive(values);
        if (!(Arrays.stream(held).sum() > 2 * error)) {
            return null;
        }
        double outside = layer.escape();
        Ledger ledger = new Ledger(outside, 0, outside, 1, error);
        int d = layer.window.dimension();
        return LayerChart.of(
                new Spectrum(d, layer.rows, held, new double[0], ledger), held.length, SHARE);
    }

    /** sin of the angle to the exact leading subspace is at most e / (gap - e), Davis and Kahan. */
    private static double rotation(double[] values, int leading, double error) {
        double gap = values[leading - 1] - values[leading];
        return gap > 2 * error ? error / (gap - error) : 1;
    }

    private static double[] positive(double[] values) {
        double[] held = values.clone();
        for (int i = 0; i < held.length; i++) {
            held[i] = Math.max(held[i], 0);
        }
        return held;
    }
}
