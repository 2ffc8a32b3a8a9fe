package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.OffsetRange;
import java.util.List;
import java.util.Map;

/**
 * What a baseline was calibrated for and from.
 *
 * @param modelId model
 * @param modelVersion its version
 * @param modelDigest digest the reference snapshots carried
 * @param createdFrom offsets of the validated log, in shard order
 * @param rows rows of the reference
 * @param summary what the baseline holds, for people, by name
 * @param segment attribute=value of the samples it was calibrated on; null for all
 */
public record BaselineOrigin(
        String modelId,
        String modelVersion,
        String modelDigest,
        List<OffsetRange> createdFrom,
        long rows,
        Map<String, String> summary,
        String segment) {

    /** Of all samples of the offsets. */
    public BaselineOrigin(
            String modelId,
            String modelVersion,
            String modelDigest,
            List<OffsetRange> createdFrom,
            long rows,
            Map<String, String> summary) {
        this(modelId, modelVersion, modelDigest, createdFrom, rows, summary, null);
    }

    /** Copies the collections. */
    public BaselineOrigin {
        createdFrom = List.copyOf(createdFrom);
        summary = Map.copyOf(summary);
    }
}
