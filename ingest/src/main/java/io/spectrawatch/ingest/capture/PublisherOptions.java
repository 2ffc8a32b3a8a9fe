package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.Set;

/**
 * How snapshots travel.
 *
 * @param topicPrefix prefix of the topics' names
 * @param maxSnapshots snapshots in memory at most, from the hand-over to the broker's answer
 * @param maxBytes their bytes at most
 * @param compression of Kafka's batches: "none" or "zstd"
 * @param flushTimeout how long closing waits for the broker
 */
public record PublisherOptions(
        String topicPrefix,
        int maxSnapshots,
        long maxBytes,
        String compression,
        Duration flushTimeout) {

    private static final Set<String> COMPRESSIONS = Set.of("none", "zstd");

    /** Checks the limits. */
    public PublisherOptions {
        if (maxSnapshots < 1) {
            throw new IllegalArgumentException(
                    "maxSnapshots must be at least 1, found " + maxSnapshots);
        }
        if (maxBytes < Topics.MAX_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "maxBytes must hold the largest record, "
                            + Topics.MAX_RECORD_BYTES
                            + " bytes, found "
                            + maxBytes);
        }
        if (!COMPRESSIONS.contains(compression)) {
            throw new IllegalArgumentException(
                    "compression must be none or zstd, found '" + compression + "'");
        }
    }

    /** 1024 snapshots, 64 MiB, no compression: activations hardly shrink. */
    public static PublisherOptions defaults() {
        return new PublisherOptions(
                Topics.DEFAULT_PREFIX, 1024, 64L * 1024 * 1024, "none", Duration.ofSeconds(30));
    }

    public PublisherOptions withTopicPrefix(String prefix) {
        return new PublisherOptions(prefix, maxSnapshots, maxBytes, compression, flushTimeout);
    }

    public PublisherOptions withBuffer(int snapshots, long bytes) {
        return new PublisherOptions(topicPrefix, snapshots, bytes, compression, flushTimeout);
    }

    public PublisherOptions withCompression(String codec) {
        return new PublisherOptions(topicPrefix, maxSnapshots, maxBytes, codec, flushTimeout);
    }

    public PublisherOptions withFlushTimeout(Duration timeout) {
        return new PublisherOptions(topicPrefix, maxSnapshots, maxBytes, compression, timeout);
    }
}
