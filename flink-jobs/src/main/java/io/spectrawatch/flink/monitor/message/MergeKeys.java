package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.Topics;

/**
 * Which merge bucket a summary goes to.
 *
 * <p>Layers spread over the buckets, because merging their sketches is the work. The interfaces of
 * a model meet in one bucket: their summaries are small, and an alert names the first interface of
 * the chain that moved, which only someone who sees the whole chain can.
 */
public final class MergeKeys {

    private MergeKeys() {}

    public static int ofLayer(LayerId part, int buckets) {
        return SpreadKeys.slotOf(part.topicKey(), buckets);
    }

    public static int ofModel(ModelKey model, int buckets) {
        return SpreadKeys.slotOf(Topics.key(model.model(), model.version()), buckets);
    }
}
