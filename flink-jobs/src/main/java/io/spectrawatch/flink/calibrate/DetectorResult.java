package io.spectrawatch.flink.calibrate;

import io.spectrawatch.spectral.detect.Detector;
import java.util.Map;

/**
 * Whether single samples can be scored.
 *
 * @param samples samples the detector was fitted on
 * @param refusal why there is no detector, null if there is one
 * @param headless why the scores of the model's head are not measured (vim, neco, gradnorm,
 *     head-consistency), null if they are or there is no detector
 * @param leftOut what could not be fitted and why, by the name of the score or layer
 * @param head SHA-256 of the weights of the head it was fitted with, as the topic models has them;
 *     null without one
 */
public record DetectorResult(
        int samples, String refusal, String headless, Map<String, String> leftOut, String head) {

    /** Whether there is a detector. */
    public boolean accepted() {
        return refusal == null;
    }

    /** Returns the least p-value of the detector: a smaller level is never reached. */
    public double resolution() {
        return Detector.resolutionOf(samples);
    }
}
