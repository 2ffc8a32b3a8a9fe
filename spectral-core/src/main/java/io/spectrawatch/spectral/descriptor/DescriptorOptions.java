package io.spectrawatch.spectral.descriptor;

/**
 * Parameters of the descriptors; they are part of the descriptors' names.
 *
 * @param top k of the energy ratios
 * @param gaps how many gap ratios
 * @param fitFirst first rank of the power-law fits, from 1
 * @param fitLast last rank of the power-law fits
 * @param hillTop k of the Hill estimate
 * @param utilisationPercent share of the energy that counts as used, 1 to 99
 * @param logDetFloor a added to eigenvalues of the covariance before the logarithm
 */
public record DescriptorOptions(
        int top,
        int gaps,
        int fitFirst,
        int fitLast,
        int hillTop,
        int utilisationPercent,
        double logDetFloor) {
    /** Checks the ranges. */
    public DescriptorOptions {
        if (top < 1 || gaps < 0 || fitFirst < 1 || hillTop < 1 || !(logDetFloor > 0)) {
            throw new IllegalArgumentException(
                    "descriptor options: top, fitFirst, hillTop and logDetFloor positive and gaps not negative expected");
        }
        if (utilisationPercent < 1 || utilisationPercent > 99) {
            throw new IllegalArgumentException(
                    "utilisation: 1 to 99 percent expected, found " + utilisationPercent);
        }
    }

    /**
     * Returns the published parameters as far as a sketch of so many directions supports them: the
     * fit range of alpha-ReQ is 11 to 100, but only the leading half of a sketch is sharp enough
     * for logarithms.
     */
    public static DescriptorOptions forSize(int eigenvalues) {
        int last = Math.max(3, Math.min(100, eigenvalues / 2));
        return new DescriptorOptions(
                8, 4, last > 20 ? 11 : 1, last, Math.min(10, last - 1), 99, 1e-3);
    }
}
