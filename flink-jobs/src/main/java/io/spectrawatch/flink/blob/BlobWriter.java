package io.spectrawatch.flink.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes blobs to their topic: the pieces first and, once the brokers hold them all, the entry.
 * Writing the same blob again changes nothing.
 */
public final class BlobWriter {

    private final Map<String, Object> client;
    private final BlobTopic topic;
    private final String topicName;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     */
    public BlobWriter(Map<String, ?> client, String topicPrefix, BlobTopic topic) {
        this.client = new HashMap<>(client);
        this.topic = topic;
        this.topicName = topic.topicName(topicPrefix);
    }

    /**
     * Writes a blob and returns when it can be loaded.
     *
     * @param blob at least one byte
     * @param entryKey key of its entry
     * @param entry says the blob's hash, its bytes and its {@link BlobFormat#chunks}
     * @throws IOException if the brokers do not take it
     */
    public void write(byte[] blob, String entryKey, SpecificRecord entry) throws IOException {
        if (blob.length == 0) {
            throw new IllegalArgumentException("a " + topic.noun() + " has at least one byte");
        }
        String hash = BlobFormat.hash(blob);
        try (TopicWriter writer = new TopicWriter(client, topicName)) {
            for (int i = 0; i < BlobFormat.chunks(blob.length); i++) {
                writer.send(BlobFormat.chunkKey(hash, i), topic.record(piece(hash, blob, i)));
            }
            writer.await();
            writer.send(entryKey, entry);
            writer.await();
        }
    }

    static BlobTopic.Piece piece(String hash, byte[] blob, int index) {
        int from = index * BlobFormat.CHUNK_BYTES;
        int length = Math.min(BlobFormat.CHUNK_BYTES, blob.length - from);
        return new BlobTopic.Piece(
                hash, index, BlobFormat.chunks(blob.length), ByteBuffer.wrap(blob, from, length));
    }
}
