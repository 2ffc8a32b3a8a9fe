package io.spectrawatch.ops.study;

import java.util.List;

/**
 * Delays of the sequential test after the mean of its score has shifted; the components are the
 * keys of {@code --json}.
 *
 * @param tolerance mu0, and the scores' mean before the change
 * @param change scores before the change
 * @param runs runs per row
 * @param rows by horizon, then mean
 */
public record AlarmDelayReport(double tolerance, int change, int runs, List<Row> rows) {

    /**
     * One shift.
     *
     * @param horizon what alpha bounds
     * @param alpha its level
     * @param weight the stream's share of it
     * @param mean mean score after the change
     * @param early runs that alarmed before the change; the others are counted below
     * @param missed runs without an alarm until they were given up; their delay counts as that
     * @param median median delay, scores
     * @param tenth delay of the slowest tenth, at least
     */
    public record Row(
            String horizon,
            double alpha,
            double weight,
            double mean,
            int early,
            int missed,
            int median,
            int tenth) {}
}
