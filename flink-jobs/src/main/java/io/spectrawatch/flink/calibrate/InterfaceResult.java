package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.moment.InterfaceOutcome;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.Pooling;

/**
 * What a calibration made of one interface; numbers of a refused one are 0.
 *
 * @param name the interface
 * @param status whether it is certified, in part, or not
 * @param reason why it was refused; null if it was not
 * @param referenceRows rows of the reference
 * @param heldBackRows rows of the held-back panes
 * @param heldBackPanes held-back panes that have rows
 * @param radius r, smallest change in column norm that flips a certified element
 * @param error error budget of the reference
 * @param certified elements certified
 * @param elements elements in all
 * @param poolRows rows of a pooled pane
 * @param pools held-back pools behind the means
 * @param driftMean mean of the margin-consumption score without change
 * @param spectrumMean mean of the spectrum score without change
 * @param driftRefusal why no CERTIFICATE_DRIFT is claimed; empty if it is
 * @param spectrumRefusal why no SPECTRUM_DRIFT is claimed; empty if it is
 */
public record InterfaceResult(
        String name,
        Status status,
        String reason,
        long referenceRows,
        long heldBackRows,
        int heldBackPanes,
        double radius,
        double error,
        int certified,
        int elements,
        long poolRows,
        int pools,
        double driftMean,
        double spectrumMean,
        String driftRefusal,
        String spectrumRefusal) {

    /** How the calibration of an interface ended. */
    public enum Status {
        /** Every element is certified. */
        ACCEPTED,
        /** The reference does not resolve some elements; the others are certified. */
        PARTIAL,
        /** Nothing is certified. */
        REFUSED
    }

    /** Share of the elements that are certified. */
    public double certifiedShare() {
        return elements == 0 ? 0 : (double) certified / elements;
    }

    static InterfaceResult refused(
            String name, String reason, long referenceRows, long heldBackRows, int panes) {
        return new InterfaceResult(
                name,
                Status.REFUSED,
                reason,
                referenceRows,
                heldBackRows,
                panes,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "",
                "");
    }

    static InterfaceResult of(InterfaceOutcome outcome, InterfaceBaseline baseline) {
        Pooling pooling = baseline.pooling();
        int certified = baseline.certified().count();
        int elements = baseline.certified().size();
        return new InterfaceResult(
                baseline.name(),
                certified < elements ? Status.PARTIAL : Status.ACCEPTED,
                null,
                outcome.referenceRows(),
                outcome.heldBackRows(),
                outcome.heldBackPanes(),
                baseline.radius().value(),
                baseline.budget().total(),
                certified,
                elements,
                pooling.rows(),
                pooling.windows(),
                pooling.nullMean(),
                pooling.spectrumNullMean(),
                pooling.refusal(),
                pooling.spectrumRefusal());
    }
}
