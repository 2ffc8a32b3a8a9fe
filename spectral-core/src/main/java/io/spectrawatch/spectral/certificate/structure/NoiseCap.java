package io.spectrawatch.spectral.certificate.structure;

/**
 * Test T3: the noise part holds at most a share beta of the matrix, ||N||_F &lt;= beta ||P||_F.
 *
 * @param ratio ||N||_F / ||P||_F
 * @param beta the cap, in (0, 1)
 * @param radius exact Frobenius distance to a change of the answer with masks fixed: the distance
 *     to a cone, ||P||_F sin|asin(ratio) - asin(beta)|
 */
public record NoiseCap(double ratio, double beta, double radius) {
    /** Runs the test. */
    public static NoiseCap of(Structure structure, double beta) {
        if (!(beta > 0 && beta < 1)) {
            throw new IllegalArgumentException("noise cap: beta in (0, 1) expected, found " + beta);
        }
        double noise = structure.energy(Mask.NOISE);
        double total = noise + structure.energy(Mask.CORE) + structure.energy(Mask.OVERLAP);
        double ratio = total > 0 ? Math.min(Math.sqrt(noise / total), 1) : 0;
        double angle = Math.abs(StrictMath.asin(ratio) - StrictMath.asin(beta));
        return new NoiseCap(ratio, beta, Math.sqrt(total) * StrictMath.sin(angle));
    }

    /** Returns whether the noise is within the cap. */
    public boolean within() {
        return ratio <= beta;
    }
}
