package io.spectrawatch.flink.calibrate;

/**
 * Whether single samples can be scored.
 *
 * @param samples samples the detector was fitted on
 * @param refusal why there is no detector, null if there is one
 */
public record DetectorResult(int samples, String refusal) {

    /** Whether there is a detector. */
    public boolean accepted() {
        return refusal == null;
    }
}
