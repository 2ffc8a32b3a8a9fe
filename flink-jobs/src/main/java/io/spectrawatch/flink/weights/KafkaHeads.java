package io.spectrawatch.flink.weights;

import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.blob.BlobReader;
import io.spectrawatch.flink.blob.BlobTopic;
import io.spectrawatch.flink.blob.TopicScan;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.spectral.detect.input.Head;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Loads heads from the models topic: the newest entry of the model and version says which blob,
 * whose hash is then verified.
 */
public final class KafkaHeads implements HeadSource {

    private static final long serialVersionUID = 1L;

    private final HashMap<String, Object> client;
    private final String topic;
    private final BlobReader blobs;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them; serialisable
     * @param topicPrefix prefix of the topics' names
     * @param timeout how long a load waits for a head that is being written
     */
    public KafkaHeads(Map<String, ?> client, String topicPrefix, Duration timeout) {
        this.client = new HashMap<>(client);
        this.topic = BlobTopic.MODELS.topicName(topicPrefix);
        this.blobs = new BlobReader(client, topicPrefix, BlobTopic.MODELS, timeout);
    }

    @Override
    public Optional<Head> load(ModelKey model) throws IOException {
        String key = HeadFormat.entryKey(model.model(), model.version());
        byte[] newest = newest(key);
        if (newest == null) {
            return Optional.empty();
        }
        ModelEntry entry = checked(newest, key, model);
        return Optional.of(HeadFormat.head(entry, blobs.load(entry.getDigest(), key)));
    }

    /** The newest record of a key, null if there is none or it was taken back. */
    private byte[] newest(String key) throws IOException {
        byte[][] newest = new byte[1][];
        try (TopicScan scan = new TopicScan(client, topic)) {
            scan.readAll(
                    record -> {
                        if (BlobFormat.text(record.key()).equals(key)) {
                            newest[0] = record.value();
                        }
                    });
        }
        return newest[0];
    }

    /**
     * Returns the heads that are published, by the key of their entry, in its order; entries that
     * cannot be read are left out.
     *
     * @throws IOException if the topic cannot be read
     */
    public static Map<String, ModelEntry> entries(Map<String, ?> client, String topicPrefix)
            throws IOException {
        Map<String, ModelEntry> entries = new TreeMap<>();
        try (TopicScan scan =
                new TopicScan(new HashMap<>(client), BlobTopic.MODELS.topicName(topicPrefix))) {
            scan.readAll(
                    record -> {
                        String key = BlobFormat.text(record.key());
                        if (!key.endsWith(HeadFormat.ENTRY)) {
                            return;
                        }
                        entries.remove(key);
                        if (record.value() != null) {
                            decode(record.value()).ifPresent(entry -> entries.put(key, entry));
                        }
                    });
        }
        return entries;
    }

    private static Optional<ModelEntry> decode(byte[] value) {
        try {
            return Optional.of(Wire.decode(value, ModelEntry.class));
        } catch (WireException e) {
            return Optional.empty();
        }
    }

    static ModelEntry checked(byte[] value, String key, ModelKey model) throws BlobException {
        ModelEntry entry;
        try {
            entry = Wire.decode(value, ModelEntry.class);
        } catch (WireException e) {
            throw new BlobException(Reason.UNREADABLE, "the record " + key + ": " + e.getMessage());
        }
        ModelKey named =
                new ModelKey(entry.getModelId(), entry.getModelVersion(), entry.getModelDigest());
        if (!named.equals(model)) {
            throw new BlobException(
                    Reason.CORRUPT,
                    "the head published under "
                            + key
                            + " is that of "
                            + text(named)
                            + ", the snapshots are of "
                            + text(model)
                            + "; calibrate --model-file with the file in use, or models remove");
        }
        return entry;
    }

    private static String text(ModelKey model) {
        return model.model() + " " + model.version() + " with digest " + model.digest();
    }
}
