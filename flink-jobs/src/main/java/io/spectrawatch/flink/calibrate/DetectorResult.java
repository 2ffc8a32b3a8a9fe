package io.spectrawatch.flink.calibrate;

/**
 * Whether single samples can be scored.
 *
 * @param samples samples the detector was fitted on
 * @param refusal why there is no detector, null if there is one
 * @param headless why the scores of the model's head are not measured (vim, neco, gradnorm,
 *     head-consistency), null if they are or there is no detector
 */
public record DetectorResult(int samples, String refusal, String headless) {

    /** Whether there is a detector. */
    public boolean accepted() {
        return refusal == null;
    }
}
