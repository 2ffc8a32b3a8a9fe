package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.blob.BlobTopic;
import io.spectrawatch.flink.blob.BlobWriter;
import io.spectrawatch.schemas.BaselineEntry;
import java.io.IOException;
import java.util.Map;

/** Writes baselines to the baselines topic. Writing the same baseline again changes nothing. */
public final class BaselinePublisher {

    private final BlobWriter blobs;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     */
    public BaselinePublisher(Map<String, ?> client, String topicPrefix) {
        this.blobs = new BlobWriter(client, topicPrefix, BlobTopic.BASELINES);
    }

    /**
     * Publishes a baseline and returns when it can be loaded.
     *
     * @param baseline its binary form, not empty
     * @return its entry, with the id
     * @throws IOException if the brokers do not take it
     */
    public BaselineEntry publish(byte[] baseline, BaselineOrigin origin) throws IOException {
        BaselineEntry entry = entry(baseline, origin);
        blobs.write(baseline, BaselineFormat.entryKey(entry.getBaselineId()), entry);
        return entry;
    }

    static BaselineEntry entry(byte[] baseline, BaselineOrigin origin) {
        return new BaselineEntry(
                BlobFormat.hash(baseline),
                origin.modelId(),
                origin.modelVersion(),
                origin.modelDigest(),
                origin.createdFrom(),
                origin.rows(),
                (long) baseline.length,
                BlobFormat.chunks(baseline.length),
                origin.summary(),
                origin.segment());
    }
}
