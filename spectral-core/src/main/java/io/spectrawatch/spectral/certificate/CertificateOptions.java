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
        return builder().build();
    }

    /** Returns a builder that starts from {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these options. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.mode = mode;
        copy.scope = scope;
        copy.thresholds = thresholds;
        copy.noiseCap = noiseCap;
        copy.weakRow = weakRow;
        copy.rowAngle = rowAngle;
        copy.minimumRows = minimumRows;
        copy.minimumCertified = minimumCertified;
        copy.poolRows = poolRows;
        copy.mostPoolRows = mostPoolRows;
        copy.driftTolerance = driftTolerance;
        copy.spectrumTolerance = spectrumTolerance;
        copy.sampling = sampling;
        return copy;
    }

    /** Returns these options with another display. */
    public CertificateOptions withMode(Mode value) {
        return toBuilder().mode(value).build();
    }

    /** Returns these options with another scope. */
    public CertificateOptions withScope(Scope value) {
        return toBuilder().scope(value).build();
    }

    /** Returns these options with another choice of thresholds. */
    public CertificateOptions withThresholds(ThresholdOptions value) {
        return toBuilder().thresholds(value).build();
    }

    /** Returns these options with other row counts: minimum, pool, most pool. */
    public CertificateOptions withRows(long minimum, long pool, long most) {
        return toBuilder().minimumRows(minimum).poolRows(pool).mostPoolRows(most).build();
    }

    /** Returns these options with another share of elements that must be resolved. */
    public CertificateOptions withMinimumCertified(double value) {
        return toBuilder().minimumCertified(value).build();
    }

    /** Returns these options with other tolerated means. */
    public CertificateOptions withTolerances(double drift, double spectrum) {
        return toBuilder().driftTolerance(drift).spectrumTolerance(spectrum).build();
    }

    /** Returns these options with claims about the population, or about the rows if null. */
    public CertificateOptions withSampling(SamplingAssumption value) {
        return toBuilder().sampling(value).build();
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

    /** Names each option where it is set; what is not set keeps the value it started from. */
    public static final class Builder {
        private Mode mode = Mode.PHYSICAL;
        private Scope scope = Scope.WINDOWED;
        private ThresholdOptions thresholds = ThresholdOptions.defaults();
        private double noiseCap = 0.5;
        private double weakRow = 0.1;
        private double rowAngle = Math.PI / 4;
        private long minimumRows = 1_000;
        private double minimumCertified = 0.5;
        private long poolRows = 10_000;
        private long mostPoolRows = 640_000;
        private double driftTolerance;
        private double spectrumTolerance;
        private SamplingAssumption sampling;

        private Builder() {}

        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        public Builder scope(Scope value) {
            scope = value;
            return this;
        }

        public Builder thresholds(ThresholdOptions value) {
            thresholds = value;
            return this;
        }

        public Builder noiseCap(double value) {
            noiseCap = value;
            return this;
        }

        public Builder weakRow(double value) {
            weakRow = value;
            return this;
        }

        public Builder rowAngle(double value) {
            rowAngle = value;
            return this;
        }

        public Builder minimumRows(long value) {
            minimumRows = value;
            return this;
        }

        public Builder minimumCertified(double value) {
            minimumCertified = value;
            return this;
        }

        public Builder poolRows(long value) {
            poolRows = value;
            return this;
        }

        public Builder mostPoolRows(long value) {
            mostPoolRows = value;
            return this;
        }

        public Builder driftTolerance(double value) {
            driftTolerance = value;
            return this;
        }

        public Builder spectrumTolerance(double value) {
            spectrumTolerance = value;
            return this;
        }

        public Builder sampling(SamplingAssumption value) {
            sampling = value;
            return this;
        }

        /**
         * Checks and returns the options.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names it
         */
        public CertificateOptions build() {
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
                    sampling);
        }
    }
}
