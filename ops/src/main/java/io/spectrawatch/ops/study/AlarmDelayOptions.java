package io.spectrawatch.ops.study;

import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import java.util.List;

/**
 * How delays are measured.
 *
 * @param contract tolerated mean and level; the horizon is what the rows of the table compare
 * @param runLengthAlpha level of the run-length rows: 1 / alpha is their mean run length
 * @param means mean scores after the change, in (0, 1)
 * @param change scores before it, whose mean is the tolerated one
 * @param most scores after it at which a run is given up
 * @param concentration a + b of the Beta distributions that scores are drawn from
 * @param runs runs per row
 * @param seed of the draws
 */
public record AlarmDelayOptions(
        EvidenceOptions contract,
        double runLengthAlpha,
        List<Double> means,
        int change,
        int most,
        double concentration,
        int runs,
        long seed) {
    /** Checks the ranges. */
    public AlarmDelayOptions {
        means = List.copyOf(means);
        if (means.isEmpty()
                || !means.stream().allMatch(mean -> mean > 0 && mean < 1)
                || change < 0
                || most < 1
                || !(concentration > 0 && concentration < Double.POSITIVE_INFINITY)
                || runs < 1) {
            throw new IllegalArgumentException(
                    "alarm delay: means in (0, 1), scores before the change from 0, after it and"
                            + " runs from 1 and a positive concentration expected");
        }
        Evidence.start(contract.withAlpha(runLengthAlpha));
    }
}
