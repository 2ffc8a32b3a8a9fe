package io.spectrawatch.flink.weights;

import io.spectrawatch.flink.blob.BlobTopic;
import io.spectrawatch.flink.blob.BlobWriter;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.schemas.ModelEntry;
import java.io.IOException;
import java.util.Map;

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

    private static void requireNumbers(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "a head has finite values, found " + values[i] + " at " + i);
            }
        }
    }
}
