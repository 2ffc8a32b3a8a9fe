package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.findings.LayerFindings;
import io.spectrawatch.spectral.certificate.structure.ElementComparison;
import io.spectrawatch.spectral.certificate.structure.NoiseCap;
import io.spectrawatch.spectral.certificate.structure.Radius;
import io.spectrawatch.spectral.certificate.structure.RowLabels;
import io.spectrawatch.spectral.certificate.structure.Structure;

/**
 * The certificate of one interface and one (pooled) pane: a GSA-style certificate (our definition).
 *
 * @param baselineId content address of what it compares with
 * @param interfaceName the interface
 * @param rows rows of the pane
 * @param status what is certified
 * @param reason why not everything, or empty
 * @param findings what was found, or null if refused
 */
public record InterfaceCertificate(
        String baselineId,
        String interfaceName,
        long rows,
        Status status,
        String reason,
        Findings findings) {
    /** What is certified. */
    public enum Status {
        /** The error budget is below the radius and every element is certified. */
        ISSUED,
        /** Some elements are not certified or not resolved in this pane. */
        PARTIAL,
        /** Nothing can be said. */
        REFUSED
    }

    /**
     * What was found in a pane.
     *
     * @param structure supports, masks, graph, hubs
     * @param radius r(P_t) over the certified elements, with its binding test
     * @param budget epsilon, term by term
     * @param noiseCap test T3
     * @param noiseCertified whether the error is below the radius of T3
     * @param labels row labels
     * @param labelledRows rows whose label survives the error
     * @param comparison verdicts against the reference
     * @param samplingSpread half the column distance between the pane's halves: the size of its
     *     sampling error, without a guarantee
     * @param escapeX share of the first layer's energy outside its window
     * @param escapeY share of the second layer's energy outside its window
     * @param driftScore debiased margin consumption in [0, 1], score of the drift test
     * @param spectrumScore debiased squared Hellinger distance in [0, 1], score of the spectrum
     *     test
     * @param movement what moved
     * @param attribution input or mechanism
     * @param x the first layer in its window
     * @param y the second layer in its window
     */
    public record Findings(
            Structure structure,
            Radius radius,
            ErrorBudget budget,
            NoiseCap noiseCap,
            boolean noiseCertified,
            RowLabels labels,
            int labelledRows,
            ElementComparison comparison,
            double samplingSpread,
            double escapeX,
            double escapeY,
            double driftScore,
            double spectrumScore,
            Movement movement,
            Attribution attribution,
            LayerFindings x,
            LayerFindings y) {}

    static InterfaceCertificate refused(InterfaceBaseline baseline, long rows, String reason) {
        return new InterfaceCertificate(
                baseline.id(), baseline.name(), rows, Status.REFUSED, reason, null);
    }

    /** Returns whether nothing can be said. */
    public boolean refused() {
        return status == Status.REFUSED;
    }
}
