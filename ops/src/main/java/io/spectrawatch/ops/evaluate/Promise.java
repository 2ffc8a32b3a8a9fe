package io.spectrawatch.ops.evaluate;

/**
 * What a calibration promises of a level: the shares of so many clean samples that 95 % of
 * calibrations of its size flag.
 *
 * <p>The number flagged is beta-binomial: the samples vary, and so does the quantile they are held
 * to, whose rate has the distribution Beta(k, m + 1 - k) where k of the m + 1 ranks are at most the
 * level (Vovk 2012). It is skewed where k is small, so its quantiles are summed up and not
 * approximated.
 *
 * @param lower least share, the 2.5 % quantile; 0 where no rank is at most the level
 * @param upper largest share, the 97.5 % quantile; 0 likewise
 */
record Promise(double lower, double upper) {

    private static final double TAIL = 0.025;

    /**
     * Of {@code samples} clean samples.
     *
     * @param level p-value up to which a sample is flagged, above 0 and below 1
     * @param calibration samples that p-values are ranks among, m
     */
    static Promise of(double level, int calibration, int samples) {
        int ranks = ranks(level, calibration);
        if (ranks == 0) {
            return new Promise(0, 0);
        }
        double a = ranks;
        double b = calibration + 1.0 - ranks;
        double log = 0;
        for (int i = 0; i < samples; i++) {
            log += Math.log((b + i) / (a + b + i));
        }
        int lower = -1;
        int flagged = 0;
        double sum = Math.exp(log);
        while (sum < 1 - TAIL && flagged < samples) {
            lower = lower < 0 && sum >= TAIL ? flagged : lower;
            log += Math.log((samples - flagged) * (a + flagged));
            log -= Math.log((flagged + 1) * (b + samples - flagged - 1));
            sum += Math.exp(log);
            flagged++;
        }
        lower = lower < 0 ? flagged : lower;
        return new Promise((double) lower / samples, (double) flagged / samples);
    }

    /** How many of the p-values r/(m + 1) are at most the level, as they are compared with it. */
    private static int ranks(double level, int calibration) {
        int ranks = (int) Math.floor(level * (calibration + 1));
        boolean oneMore = (ranks + 1.0) / (calibration + 1) <= level;
        return oneMore ? ranks + 1 : ranks;
    }
}
