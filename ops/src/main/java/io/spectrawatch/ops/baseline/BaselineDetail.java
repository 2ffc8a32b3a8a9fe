package io.spectrawatch.ops.baseline;

import java.util.List;
import java.util.Map;

/**
 * Everything about one baseline.
 *
 * @param baseline what the list says
 * @param createdFrom offsets of the validated log it was calibrated from
 * @param summary what it holds, by name
 * @param damage why it cannot be loaded; null if its pieces have its id as their hash
 * @param contents what it judges by; null where that cannot be read
 * @param unreadable why not; null if it can
 * @param activations requests for its model and version, oldest first, for this baseline or not
 */
public record BaselineDetail(
        BaselineList.Baseline baseline,
        List<Range> createdFrom,
        Map<String, String> summary,
        String damage,
        BaselineContents contents,
        String unreadable,
        List<Activation> activations) {

    /**
     * Offsets of one shard.
     *
     * @param shard partition of the validated topic
     * @param firstOffset first, -1 for none
     * @param lastOffset last, -1 for none
     */
    public record Range(int shard, long firstOffset, long lastOffset) {}

    /**
     * A request.
     *
     * @param baselineId what was asked for; null: no baseline
     * @param effectiveFrom start of the first pane, ISO 8601
     * @param requestedBy who asked
     * @param requestedAt when, ISO 8601
     * @param segment attribute=value of what is to be judged; null: what no segment's baseline
     *     judges
     */
    public record Activation(
            String baselineId,
            String effectiveFrom,
            String requestedBy,
            String requestedAt,
            String segment) {}
}
