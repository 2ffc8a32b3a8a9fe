package io.spectrawatch.spectral.detect;

/**
 * How many of n fresh samples a conformal p-value at level a flags: beta-binomial with parameters k
 * and m + 1 - k, k = floor(a (m + 1)), for m calibration samples without ties.
 */
public final class BetaBinomial {
    private BetaBinomial() {}

    /** Returns the least count that is exceeded with probability at most {@code risk}. */
    public static int upper(int samples, int calibration, double level, double risk) {
        int k = (int) Math.floor(level * (calibration + 1));
        if (k == 0) {
            return 0;
        }
        double above = 1;
        for (int count = 0; count <= samples; count++) {
            above -= Math.exp(logMass(samples, count, k, calibration + 1 - k));
            if (above <= risk) {
                return count;
            }
        }
        return samples;
    }

    /** Returns the largest count below which there is at most {@code risk}. */
    static int lower(int samples, int calibration, double level, double risk) {
        int k = (int) Math.floor(level * (calibration + 1));
        double below = 0;
        for (int count = 0; k > 0 && count <= samples; count++) {
            below += Math.exp(logMass(samples, count, k, calibration + 1 - k));
            if (below > risk) {
                return count;
            }
        }
        return 0;
    }

    private static double logMass(int n, int count, double a, double b) {
        return logGamma(n + 1)
                - logGamma(count + 1)
                - logGamma(n - count + 1)
                + logBeta(count + a, n - count + b)
                - logBeta(a, b);
    }

    private static double logBeta(double a, double b) {
        return logGamma(a) + logGamma(b) - logGamma(a + b);
    }

    /** Stirling's series after lifting the argument above 10. */
    private static double logGamma(double x) {
        double shift = 0;
        double at = x;
        while (at < 10) {
            shift -= Math.log(at);
            at++;
        }
        double inverse = 1 / at;
        double square = inverse * inverse;
        return shift
                + (at - 0.5) * Math.log(at)
                - at
                + 0.5 * Math.log(2 * Math.PI)
                + inverse * (1.0 / 12 - square * (1.0 / 360 - square / 1260));
    }
}
