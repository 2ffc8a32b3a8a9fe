package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobReader;
import io.spectrawatch.flink.blob.BlobTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Loads baselines from the baselines topic, verified by their hash. */
public final class KafkaBaselines implements BaselineSource {

    private static final long serialVersionUID = 1L;

    private final BlobReader blobs;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them; serialisable
     * @param topicPrefix prefix of the topics' names
     * @param timeout how long a load waits for a baseline to be complete
     */
    public KafkaBaselines(Map<String, ?> client, String topicPrefix, Duration timeout) {
        this.blobs = new BlobReader(client, topicPrefix, BlobTopic.BASELINES, timeout);
    }

    @Override
    public byte[] load(String baselineId) throws IOException {
        return blobs.load(baselineId, BaselineFormat.entryKey(baselineId)).clone();
    }

    /**
     * Reads a baseline from the topic again, whether it is kept or not.
     *
     * @throws BlobException as {@link #load} does
     */
    public void verify(String baselineId) throws IOException {
        blobs.read(baselineId, BaselineFormat.entryKey(baselineId));
    }
}
