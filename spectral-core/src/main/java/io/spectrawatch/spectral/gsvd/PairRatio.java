package io.spectrawatch.spectral.gsvd;

/**
 * Compares two requests: how far apart the images are, in units of the profile, for the distance of
 * the inputs.
 *
 * <p>The incremental gain max_i |h_i - h'_i|/|x - x'| is not bounded by the profile and must be
 * calibrated; the lift ratio |v(x) - v(x')|/|x - x'| is at least delta/sqrt(1 + delta^2) while both
 * loads respect the profile. Steep pairs are what many near-duplicate queries along a decision
 * boundary produce.
 *
 * @param distance |x - x'|
 * @param gain incremental coordinate gain
 * @param lift lift ratio
 */
public record PairRatio(double distance, double gain, double lift) {
    /**
     * Computes the ratios of a pair.
     *
     * @param h coordinates of the first request
     * @param tail tau of the first request
     * @param norm |x| of the first request
     * @param squaredDistance |x - x'|^2, positive
     */
    public static PairRatio of(
            double[] h,
            double tail,
            double norm,
            double[] otherH,
            double otherTail,
            double otherNorm,
            double squaredDistance) {
        if (!(squaredDistance > 0)) {
            throw new IllegalArgumentException(
                    "pair ratio: a positive distance required, found " + squaredDistance);
        }
        double largest = 0;
        double sum = 0;
        for (int i = 0; i < h.length; i++) {
            double difference = h[i] - otherH[i];
            largest = Math.max(largest, Math.abs(difference));
            sum += difference * difference;
        }
        // |a x/|x| - b x'/|x'||^2 without x: the cosine follows from the norms and the distance.
        double cosine =
                Math.max(
                        -1,
                        Math.min(
                                1,
                                (norm * norm + otherNorm * otherNorm - squaredDistance)
                                        / (2 * norm * otherNorm)));
        double tails = tail * tail + otherTail * otherTail - 2 * tail * otherTail * cosine;
        double distance = Math.sqrt(squaredDistance);
        return new PairRatio(
                distance,
                largest / distance,
                Math.sqrt(Math.max(0, sum + Math.max(0, tails))) / distance);
    }
}
