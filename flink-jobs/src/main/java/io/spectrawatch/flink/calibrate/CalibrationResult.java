package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.config.PinnedRange;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.List;

/**
 * What a calibration found, accepted or not.
 *
 * @param model the model
 * @param version its version
 * @param digest digest its snapshots carried
 * @param segment attribute=value of the samples taken; null for all
 * @param range what was read
 * @param snapshots snapshots of the model
 * @param rows their rows over all layers
 * @param leftOut records of the range that could not be taken
 * @param paneLengthMicros length of the held-back panes
 * @param layers its layers in the order of the chain
 * @param interfaces its interfaces in the order of the chain
 * @param detector its detector of single samples, or why there is none
 * @param baseline the frozen baseline, or null if neither an interface nor a detector was accepted
 */
public record CalibrationResult(
        String model,
        String version,
        String digest,
        String segment,
        PinnedRange range,
        long snapshots,
        long rows,
        long leftOut,
        long paneLengthMicros,
        List<LayerResult> layers,
        List<InterfaceResult> interfaces,
        DetectorResult detector,
        ModelBaseline baseline) {

    /** Copies the lists. */
    public CalibrationResult {
        layers = List.copyOf(layers);
        interfaces = List.copyOf(interfaces);
    }

    /** Whether there is a baseline. */
    public boolean accepted() {
        return baseline != null;
    }

    /** Why there is no baseline; empty if there is one. */
    public String refusal() {
        if (accepted()) {
            return "";
        }
        if (interfaces.isEmpty()) {
            return "no interface to certify: no two layers of "
                    + model
                    + " "
                    + version
                    + " have adjacent indices";
        }
        return "none of the "
                + interfaces.size()
                + " interfaces of "
                + model
                + " "
                + version
                + " could be certified; the first, "
                + interfaces.get(0).name()
                + ": "
                + interfaces.get(0).reason();
    }
}
