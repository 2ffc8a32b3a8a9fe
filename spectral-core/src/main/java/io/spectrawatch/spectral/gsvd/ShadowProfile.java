package io.spectrawatch.spectral.gsvd;

import io.spectrawatch.spectral.dense.SymmetricMatrix;

/**
 * The profile that live traffic would have: starts at a frozen profile and grows, in O(p^2) per
 * row, to enclose every image it is shown.
 *
 * <p>Nothing is enforced with it, because one extreme request moves it for good; its growth against
 * the frozen profile is a measure of drift. Shadows of parallel shards merge in any order, to the
 * tolerance of the ellipsoid.
 */
public final class ShadowProfile {
    private EnclosingEllipsoid ellipsoid;
    private final double[] origin;
    private final double minimumNorm;
    private long rows;
    private long updates;

    ShadowProfile(EnclosingEllipsoid ellipsoid, double[] origin, double minimumNorm) {
        this.ellipsoid = ellipsoid;
        this.origin = origin;
        this.minimumNorm = minimumNorm;
    }

    /**
     * How far the shadow has grown past a profile.
     *
     * @param logVolume logarithm of the ratio of the volumes, 0 when nothing grew
     * @param largestLogAxis largest logarithm of the ratio of axes of the same rank
     * @param angle largest angle in radians by which a frozen direction has left the span of its
     *     rank and those before it
     */
    public record Growth(double logVolume, double largestLogAxis, double angle) {}

    /**
     * Shows one row.
     *
     * @param norm |x|; rows below the profile's minimum norm are left out
     * @param y the image, before the origin is taken away
     * @return whether the row lay outside
     */
    public boolean update(double norm, double[] y) {
        rows++;
        if (norm < minimumNorm) {
            return false;
        }
        double[] z = new double[origin.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = (y[i] - origin[i]) / norm;
            if (!Double.isFinite(z[i])) {
                throw new IllegalArgumentException(
                        "shadow profile: finite images required, found " + y[i] + " at " + i);
            }
        }
        boolean outside = ellipsoid.include(z);
        updates += outside ? 1 : 0;
        return outside;
    }

    /** Takes in another shard's shadow. */
    public void merge(ShadowProfile other) {
        if (other.updates > 0) {
            ellipsoid = updates == 0 ? other.ellipsoid : ellipsoid.merge(other.ellipsoid);
        }
        rows += other.rows;
        updates += other.updates;
    }

    /** Returns the growth since {@code frozen}, the profile this shadow started from. */
    public Growth since(GsvdProfile frozen) {
        SymmetricMatrix was = frozen.ellipsoid().shape();
        double volume = 0.5 * (was.logDeterminant() - ellipsoid.shape().logDeterminant());
        SymmetricMatrix.Eigen before = was.eigen();
        SymmetricMatrix.Eigen after = ellipsoid.shape().eigen();
        int p = origin.length;
        double axis = 0;
        double angle = 0;
        for (int i = 0; i < p; i++) {
            int at = p - 1 - i;
            axis = Math.max(axis, 0.5 * Math.log(before.values()[at] / after.values()[at]));
            // The longest axes carry the meaning; the span of all of them is everything.
            double inside = 0;
            for (int j = 0; j <= i; j++) {
                double cosine = 0;
                for (int k = 0; k < p; k++) {
                    cosine += before.vectors()[at * p + k] * after.vectors()[(p - 1 - j) * p + k];
                }
                inside += cosine * cosine;
            }
            angle = Math.max(angle, Math.acos(Math.min(1, Math.sqrt(inside))));
        }
        return new Growth(volume, axis, angle);
    }

    /** Returns the rows shown. */
    public long rows() {
        return rows;
    }

    /** Returns the rows that lay outside when they came. */
    public long updates() {
        return updates;
    }
}
