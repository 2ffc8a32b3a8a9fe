package io.spectrawatch.ops.calibrate;

import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.DetectorResult;
import io.spectrawatch.flink.calibrate.InterfaceResult;
import io.spectrawatch.flink.calibrate.LayerResult;
import io.spectrawatch.ops.baseline.ActivationReport;
import java.util.List;

/**
 * What a calibration did; the components are the keys of {@code --json}.
 *
 * @param modelId model
 * @param modelVersion its version
 * @param modelDigest digest its snapshots carried
 * @param segment attribute=value of the samples taken; null for all
 * @param startOffsets first offsets of the range, as {@code --from-offsets} takes them
 * @param endOffsets offsets after its last records, as {@code --to-offsets} takes them
 * @param snapshots snapshots of the model in the range
 * @param rows their rows over all layers
 * @param leftOut records of the range that could not be taken
 * @param layers its layers in the order of the chain
 * @param interfaces its interfaces in the order of the chain
 * @param detector its detector of single samples, or why there is none
 * @param baselineId id of the baseline; null if none could be frozen
 * @param bytes its size
 * @param refusal why there is none; empty if there is one
 * @param published whether it was published
 * @param activation the request to judge the model by it; null if none was made
 */
public record CalibrationReport(
        String modelId,
        String modelVersion,
        String modelDigest,
        String segment,
        String startOffsets,
        String endOffsets,
        long snapshots,
        long rows,
        long leftOut,
        List<LayerResult> layers,
        List<InterfaceResult> interfaces,
        DetectorResult detector,
        String baselineId,
        long bytes,
        String refusal,
        boolean published,
        ActivationReport activation) {

    static CalibrationReport of(
            CalibrationResult result, boolean published, ActivationReport activation) {
        return new CalibrationReport(
                result.model(),
                result.version(),
                result.digest(),
                result.segment(),
                result.range().startText(),
                result.range().endText(),
                result.snapshots(),
                result.rows(),
                result.leftOut(),
                result.layers(),
                result.interfaces(),
                result.detector(),
                result.accepted() ? result.baseline().id() : null,
                result.accepted() ? result.baseline().toBytes().length : 0,
                result.refusal(),
                published,
                activation);
    }
}
