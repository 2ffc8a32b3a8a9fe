package io.spectrawatch.spectral.certificate;

/**
 * The mean of a score without change, as held-back panes show it.
 *
 * @param mean mean over the panes
 * @param upper upper confidence limit of the mean at 99.5 %, by Student's t
 * @param panes panes behind it
 */
record NullMean(double mean, double upper, int panes) {
    /** Normal quantile at 0.995. */
    private static final double Z = 2.5758293035489;

    /** What a tolerated mean leaves to the dependence of a pane on the panes before it. */
    private static final double SLACK = 2;

    /**
     * Measures a mean.
     *
     * @param scores scores of pools, drawn from the same panes where there are more than panes
     * @param panes pools that the panes are worth, at least 2: what the limit rests on
     */
    static NullMean of(double[] scores, int panes) {
        int n = scores.length;
        double mean = 0;
        for (double score : scores) {
            mean += score / n;
        }
        double squares = 0;
        for (double score : scores) {
            squares += (score - mean) * (score - mean);
        }
        int worth = Math.min(panes, n);
        double error = Math.sqrt(squares / (n - 1) / worth);
        return new NullMean(mean, mean + studentQuantile(worth - 1) * error, panes);
    }

    /** Student's t at 0.995 by its expansion in 1/nu (Abramowitz and Stegun, 26.7.5). */
    static double studentQuantile(int degrees) {
        double z3 = Z * Z * Z;
        double z5 = z3 * Z * Z;
        double z7 = z5 * Z * Z;
        double first = (z3 + Z) / 4;
        double second = (5 * z5 + 16 * z3 + 3 * Z) / 96;
        double third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / 384;
        double nu = degrees;
        return Z + (first + (second + third / nu) / nu) / nu;
    }

    /**
     * Returns mu0: the configured value or, if that is 0, twice the upper limit, within a range.
     *
     * @param least nothing smaller is worth an alarm
     * @param most nothing larger may go unnoticed
     */
    double tolerance(double configured, double least, double most) {
        return configured > 0 ? configured : Math.min(Math.max(SLACK * upper, least), most);
    }

    /** Returns why a test with a tolerated mean cannot be claimed at a size of pools, or empty. */
    String refusal(double tolerance, long rows) {
        return mean <= tolerance / SLACK && upper <= tolerance
                ? ""
                : "without change the score's mean is "
                        + mean
                        + ", up to "
                        + upper
                        + ", in "
                        + panes
                        + " pools of "
                        + rows
                        + " rows; at most half the tolerated mean "
                        + tolerance
                        + " and all of it are allowed";
    }
}
