package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.BaselineChunk;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes baselines to the baselines topic: the pieces first and, once the brokers hold them all,
 * the entry. Writing the same baseline again changes nothing.
 */
public final class BaselinePublisher {

    private final Map<String, Object> client;
    private final String topic;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     */
    public BaselinePublisher(Map<String, ?> client, String topicPrefix) {
        this.client = new HashMap<>(client);
        this.topic = Topics.BASELINES.topicName(topicPrefix);
    }

    /**
     * Publishes a baseline and returns when it can be loaded.
     *
     * @param baseline its binary form, not empty
     * @return its entry, with the id
     * @throws IOException if the brokers do not take it
     */
    public BaselineEntry publish(byte[] baseline, BaselineOrigin origin) throws IOException {
        if (baseline.length == 0) {
            throw new IllegalArgumentException("a baseline has at least one byte");
        }
        BaselineEntry entry = entry(baseline, origin);
        String id = entry.getBaselineId();
        try (TopicWriter writer = new TopicWriter(client, topic)) {
            for (int i = 0; i < entry.getChunks(); i++) {
                writer.send(BaselineFormat.chunkKey(id, i), chunk(id, baseline, i));
            }
            writer.await();
            writer.send(BaselineFormat.entryKey(id), entry);
            writer.await();
        }
        return entry;
    }

    static BaselineEntry entry(byte[] baseline, BaselineOrigin origin) {
        return new BaselineEntry(
                BaselineFormat.id(baseline),
                origin.modelId(),
                origin.modelVersion(),
                origin.modelDigest(),
                origin.createdFrom(),
                origin.rows(),
                (long) baseline.length,
                BaselineFormat.chunks(baseline.length),
                origin.summary());
    }

    static BaselineChunk chunk(String id, byte[] baseline, int index) {
        int from = index * BaselineFormat.CHUNK_BYTES;
        int length = Math.min(BaselineFormat.CHUNK_BYTES, baseline.length - from);
        return new BaselineChunk(
                id,
                index,
                BaselineFormat.chunks(baseline.length),
                ByteBuffer.wrap(baseline, from, length));
    }
}
