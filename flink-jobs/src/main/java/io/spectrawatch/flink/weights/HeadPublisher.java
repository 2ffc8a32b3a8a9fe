package io.spectrawatch.flink.weights;

import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.blob.BlobTopic;
import io.spectrawatch.flink.blob.BlobWriter;
import io.spectrawatch.flink.blob.TopicWriter;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.spectral.detect.input.Head;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the weights of models' heads to the models topic; the newest of a model and version
 * counts.
 */
public final class HeadPublisher {

    private final BlobWriter blobs;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     */
    public HeadPublisher(Map<String, ?> client, String topicPrefix) {
        this.blobs = new BlobWriter(client, topicPrefix, BlobTopic.MODELS);
    }

    /**
     * Publishes a head and returns when it can be loaded.
     *
     * @param model whose head it is; the digest is that of the model file
     * @param weights W, classes x dimension row-major
     * @param bias b, length classes
     * @throws IllegalArgumentException if the sizes do not fit or a value is not finite
     * @throws IOException if the brokers do not take it
     */
    public ModelEntry publish(ModelKey model, float[] weights, float[] bias) throws IOException {
        if (bias.length == 0 || weights.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    "a head has classes x dimension weights and one bias per class, found "
                            + weights.length
                            + " and "
                            + bias.length);
        }
        requireNumbers(weights);
        requireNumbers(bias);
        byte[] blob = HeadFormat.blob(weights, bias);
        ModelEntry entry = HeadFormat.entry(model, blob, bias.length, weights.length / bias.length);
        blobs.write(blob, HeadFormat.entryKey(model.model(), model.version()), entry);
        return entry;
    }

    /** Returns the hash that a head has in the models topic. */
    public static String digest(Head head) {
        return BlobFormat.hash(HeadFormat.blob(narrowed(head.weights()), narrowed(head.bias())));
    }

    /** Heads come from fp32, so nothing is lost. */
    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    /**
     * Takes a head back: its entry, and the blob unless another model's entry names it too.
     *
     * @return what was taken back, empty if nobody had published it
     * @throws IOException if the brokers do not take it
     */
    public static Optional<ModelEntry> remove(
            String model, String version, Map<String, ?> client, String topicPrefix)
            throws IOException {
        String key = HeadFormat.entryKey(model, version);
        Map<String, ModelEntry> all = KafkaHeads.entries(client, topicPrefix);
        ModelEntry removed = all.remove(key);
        if (removed == null) {
            return Optional.empty();
        }
        boolean shared =
                all.values().stream().anyMatch(e -> e.getDigest().equals(removed.getDigest()));
        try (TopicWriter writer =
                new TopicWriter(client, BlobTopic.MODELS.topicName(topicPrefix))) {
            writer.remove(key);
            for (int i = 0; !shared && i < removed.getChunks(); i++) {
                writer.remove(BlobFormat.chunkKey(removed.getDigest(), i));
            }
            writer.await();
        }
        return Optional.of(removed);
    }

    private static void requireNumbers(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "a head has finite values, found " + values[i] + " at " + i);
            }
        }
    }
}
