package io.spectrawatch.spectral.certificate.structure;

import java.io.Serializable;

/**
 * How supports are chosen on the reference, once: the largest gap of a group's energies separates
 * active columns from the others.
 *
 * @param energyShare q, the share of a group's squared energy the active columns must hold, in (0,
 *     1]
 * @param fewestActive s_min, at least 1
 * @param mostActiveShare active columns as a share of all, in (0, 1]
 * @param eta edge threshold, or 0 for the largest activity threshold
 * @param hubDegree h, or 0 for max(3, ceil(groups / 2))
 * @param supports what of the gap is frozen
 */
public record ThresholdOptions(
        double energyShare,
        int fewestActive,
        double mostActiveShare,
        double eta,
        int hubDegree,
        Supports supports)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What a support is. */
    public enum Supports {
        /** The columns above the middle of the gap. */
        THRESHOLD,
        /** As many of the largest columns as lay above the gap. */
        RANK
    }

    /** Checks the ranges. */
    public ThresholdOptions {
        if (!(energyShare > 0 && energyShare <= 1 && mostActiveShare > 0 && mostActiveShare <= 1)
                || fewestActive < 1
                || !(eta >= 0)
                || hubDegree < 0
                || supports == null) {
            throw new IllegalArgumentException(
                    "threshold options: shares in (0, 1], at least one active column, eta and hub"
                            + " degree from 0 and a kind of supports expected, found "
                            + energyShare
                            + ", "
                            + mostActiveShare
                            + ", "
                            + fewestActive
                            + ", "
                            + eta
                            + ", "
                            + hubDegree
                            + ", "
                            + supports);
        }
        if (supports == Supports.RANK && eta > 0) {
            throw new IllegalArgumentException(
                    "threshold options: supports by rank share an edge where a column is active for"
                            + " both groups, no edge threshold expected, found "
                            + eta);
        }
    }

    /**
     * Returns q = 0.5, at least one and at most half of the columns active, eta and h by rule: a
     * support of nearly all columns would say next to nothing; thresholds.
     */
    public static ThresholdOptions defaults() {
        return new ThresholdOptions(0.5, 1, 0.5, 0, 0, Supports.THRESHOLD);
    }
}
