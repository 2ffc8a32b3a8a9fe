package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import java.io.Serializable;

/**
 * Everything a certificate depends on besides data; frozen and hashed into the baseline's id.
 *
 * @param mode what the columns are
 * @param scope which matrix the claim is about
 * @param thresholds how thresholds are chosen
 * @param noiseCap beta of the noise test, in (0, 1)
 * @param weakRow rows weaker than this share of the root-mean-square row are weak, in (0, 1)
 * @param rowAngle phi*, in (0, pi / 2]
 * @param minimumRows rows below which nothing is certified, at least 4
 * @param minimumCertified share of elements the reference must resolve, in (0, 1]
 * @param poolRows rows of a pooled pane to begin with
 * @param mostPoolRows rows beyond which pooling is given up
 * @param driftTolerance mu0 of the margin-consumption test, a mean squared share of the margins, in
 *     (0, 1), or 0 to take it from held-back panes: an upper confidence bound of the score's mean
 *     without change, at least twice that mean, from 0.001 to 0.04
 * @param spectrumTolerance mu0 of the spectrum test (squared Hellinger distance), in (0, 1), or 0
 *     to take it from held-back panes likewise, from 0.0001 to 0.004
 * @param sampling assumption for claims about the population, or null for claims about the rows
 */
public record CertificateOptions(
        Mode mode,
        Scope scope,
        ThresholdOptions thresholds,
        double noiseCap,
        double weakRow,
        double rowAngle,
        long minimumRows,
        double minimumCertified,
        long poolRows,
        long mostPoolRows,
        double driftTolerance,
        double spectrumTolerance,
        SamplingAssumption sampling)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What the displayed columns are. */
    public enum Mode {
        /** Input channels; free of gauge. */
        PHYSICAL,
        /** Directions of the first layer's window; each must pass the eigengap test. */
        SOURCE_MODES
    }

    /** Which matrix the claim is about. */
    public enum Scope {
        /** The transport between the frozen windows; the energy outside is reported beside it. */
        WINDOWED,
        /** The full matrix; what the windows leave out is an error term. */
        FULL
    }

    /** Checks the ranges. */
    public CertificateOptions {
        requireUnit("noise cap", noiseCap);
        requireUnit("weak row share", weakRow);
        requireTolerance("drift tolerance", driftTolerance);
        requireTolerance("spectrum tolerance", spectrumTolerance);
        if (mode == null || scope == null || thresholds == null) {
            throw new IllegalArgumentException(
                    "certificate options: mode, scope and thresholds expected");
        }
        if (!(rowAngle > 0 && rowAngle <= Math.PI / 2)) {
            throw new IllegalArgumentException(
                    "certificate options: a row angle in (0, pi/2] expected, found " + rowAngle);
        }
        if (!(minimumCertified > 0 && minimumCertified <= 1)) {
            throw new IllegalArgumentException(
                    "certificate options: a certified share in (0, 1] expected, found "
                            + minimumCertified);
        }
        if (minimumRows < 4 || poolRows < minimumRows || mostPoolRows < poolRows) {
            throw new IllegalArgumentException(
                    "certificate options: 4 <= minimum rows <= pool rows <= most pool rows expected,"
                            + " found "
                            + minimumRows
                            + ", "
                            + poolRows
                            + ", "
                            + mostPoolRows);
        }
    }

    /**
     * Returns physical display, windowed claims about the rows, tolerated means from held-back
     * panes and the documented numbers.
     */
    public static CertificateOptions defaults() {
        return new CertificateOptions(
                Mode.PHYSICAL,
                Scope.WINDOWED,
                ThresholdOptions.defaults(),
                0.5,
                0.1,
                Math.PI / 4,
                1_000,
                0.5,
                10_000,
                640_000,
                0,
                0,
                null);
    }

    /** Returns these options with another display. */
    public CertificateOptions withMode(Mode value) {
        return new CertificateOptions(
                value,
                scope,
                thresholds,
                noiseCap,
                weakRow,
                rowAngle,
                minimumRows,
                minimumCertified,
                poolRows,
                mostPoolRows,
                driftTolerance,
                spectrumTolerance,
                sampling);
    }

    /** Returns these options with another scope. */
    public CertificateOptions withScope(Scope value) {
        return new CertificateOptions(
                mode,
                value,
                thresholds,
                noiseCap,
                weakRow,
                rowAngle,
                minimumRows,
                minimumCertified,
                poolRows,
                mostPoolRows,
                driftTolerance,
                spectrumTolerance,
                sampling);
    }

    /** Returns these options with another choice of thresholds. */
    public CertificateOptions withThresholds(ThresholdOptions value) {
        return new CertificateOptions(
                mode,
                scope,
                value,
                noiseCap,
                weakRow,
                rowAngle,
                minimumRows,
                minimumCertified,
                poolRows,
                mostPoolRows,
                driftTolerance,
                spectrumTolerance,
                sampling);
    }

    /** Returns these options with other row counts: minimum, pool, most pool. */
    public CertificateOptions withRows(long minimum, long pool, long most) {
        return new CertificateOptions(
                mode,
                scope,
                thresholds,
                noiseCap,
                weakRow,
                rowAngle,
                minimum,
                minimumCertified,
                pool,
                most,
                driftTolerance,
                spectrumTolerance,
                sampling);
    }

    /** Returns these options with another share of elements that must be resolved. */
    public CertificateOptions withMinimumCertified(double value) {
        return new CertificateOptions(
                mode,
                scope,
                thresholds,
                noiseCap,
                weakRow,
                rowAngle,
                minimumRows,
                value,
                poolRows,
                mostPoolRows,
                driftTolerance,
                spectrumTolerance,
                sampling);
    }

    /** Returns these options with other tolerated means. */
    public CertificateOptions withTolerances(double drift, double spectrum) {
        return new CertificateOptions(
                mode,
                scope,
                thresholds,
                noiseCap,
                weakRow,
                rowAngle,
                minimumRows,
                minimumCertified,
                poolRows,
                mostPoolRows,
                drift,
                spectrum,
                sampling);
    }

    /** Returns these options with claims about the population, or about the rows if null. */
    public CertificateOptions withSampling(SamplingAssumption value) {
        return new CertificateOptions(
                mode,
                scope,
                thresholds,
                noiseCap,
                weakRow,
                rowAngle,
                minimumRows,
                minimumCertified,
                poolRows,
                mostPoolRows,
                driftTolerance,
                spectrumTolerance,
                value);
    }

    /** Returns the error budget of a transport under these options. */
    ErrorBudget budget(Transport transport) {
        double truncation =
                scope == Scope.FULL ? Math.sqrt(transport.escapeX() + transport.escapeY()) : 0;
        double population = sampling == null ? 0 : sampling.bound(transport);
        return new ErrorBudget(0, truncation, transport.roundoff(), population);
    }

    private static void requireTolerance(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "certificate options: " + name + " in [0, 1) expected, found " + value);
        }
    }

    private static void requireUnit(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "certificate options: " + name + " in (0, 1) expected, found " + value);
        }
    }
}
