package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

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
        return of(part.topicKey(), buckets);
    }

    public static int ofModel(ModelKey model, int buckets) {
        return of(Topics.key(model.model(), model.version()), buckets);
    }

    /** CRC-32C of a topic key, the same in every run and on every machine. */
    private static int of(String topicKey, int buckets) {
        CRC32C crc = new CRC32C();
        crc.update(topicKey.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % buckets);
    }
}
