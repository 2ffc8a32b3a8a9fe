package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.findings.ReferenceLayer;
import io.spectrawatch.spectral.certificate.moments.CentredLayer;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.certificate.structure.CertifiedElements;
import io.spectrawatch.spectral.certificate.structure.Structure;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.WindowSpectra;
import io.spectrawatch.spectral.sequential.SplitHalf;

/**
 * The scores in [0, 1] that feed the sequential tests.
 *
 * @param drift debiased margin consumption
 * @param spectrum debiased squared Hellinger distance of the window spectra
 */
public record DriftScores(double drift, double spectrum) {
    static DriftScores of(InterfaceBaseline baseline, Transport half1, Transport half2) {
        return new DriftScores(
                consumption(baseline, half1, half2), spectrum(baseline, half1, half2));
    }

    /**
     * Debiased margin consumption: the mean over the certified activities of &lt;P_1 - P_ref, P_2 -
     * P_ref&gt; on the block, in units of its squared margin, each clipped to [-1, 1]. The product
     * of independent halves has mean ||E P - P_ref||^2 on the block, which bounds the squared
     * movement of its energy; the symmetric clip keeps noise of mean 0 at mean 0.
     */
    private static double consumption(
            InterfaceBaseline baseline, Transport half1, Transport half2) {
        double[] d1 = Dense.subtract(half1.values(), baseline.transportValues());
        double[] d2 = Dense.subtract(half2.values(), baseline.transportValues());
        double[] products = baseline.display().inner(d1, d2);
        Structure structure = baseline.structure();
        CertifiedElements certified = baseline.certified();
        int columns = structure.columns();
        double sum = 0;
        for (int a = 0; a < structure.groups(); a++) {
            for (int j = 0; j < columns; j++) {
                if (certified.activity(a, j)) {
                    double margin = structure.activityMargin(a, j);
                    double part = products[a * columns + j] / (margin * margin);
                    sum += Math.min(Math.max(part, -1), 1);
                }
            }
        }
        int count = certified.activityCount();
        return SplitHalf.score(count == 0 ? 0 : sum / count);
    }

    /** Debiased squared Hellinger distance of the window spectra, mean of both layers. */
    private static double spectrum(InterfaceBaseline baseline, Transport half1, Transport half2) {
        double x = hellinger(baseline.spectrumX(), baseline.windowX(), half1.x(), half2.x());
        double y = hellinger(baseline.spectrumY(), baseline.windowY(), half1.y(), half2.y());
        return SplitHalf.score((x + y) / 2);
    }

    private static double hellinger(
            double[] reference, FrozenWindow window, CentredLayer half1, CentredLayer half2) {
        return WindowSpectra.hellinger(
                ReferenceLayer.spectrum(window, half1.moment, half1.escape()),
                ReferenceLayer.spectrum(window, half2.moment, half2.escape()),
                reference);
    }
}
