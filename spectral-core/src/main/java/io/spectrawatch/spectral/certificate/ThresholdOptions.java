package io.spectrawatch.spectral.certificate;

/**
 * How activity thresholds are chosen on the reference, once.
 *
 * @param energyShare q, the share of a group's squared energy the active columns must hold, in (0,
 *     1]
 * @param fewestActive s_min, at least 1
 * @param mostActiveShare active columns as a share of all, in (0, 1]
 * @param eta edge threshold, or 0 for the largest activity threshold
 * @param hubDegree h, or 0 for max(3, ceil(groups / 2))
 */
public record ThresholdOptions(
        double energyShare, int fewestActive, double mostActiveShare, double eta, int hubDegree) {
    /** Checks the ranges. */
    public ThresholdOptions {
        if (!(energyShare > 0 && energyShare <= 1 && mostActiveShare > 0 && mostActiveShare <= 1)
                || fewestActive < 1
                || !(eta >= 0)
                || hubDegree < 0) {
            throw new IllegalArgumentException(
                    "threshold options: shares in (0, 1], at least one active column, eta and hub"
                            + " degree from 0 expected, found "
                            + energyShare
                            + ", "
                            + mostActiveShare
                            + ", "
                            + fewestActive
                            + ", "
                            + eta
                            + ", "
                            + hubDegree);
        }
    }

    /**
     * Returns q = 0.5, at least one and at most half of the columns active, eta and h by rule: a
     * support of nearly all columns would say next to nothing.
     */
    public static ThresholdOptions defaults() {
        return new ThresholdOptions(0.5, 1, 0.5, 0, 0);
    }
}
