package io.spectrawatch.flink.log;

import java.util.Properties;

/**
 * Which validated log a job reads, and from where to where.
 *
 * @param kafka properties of every Kafka client, {@code bootstrap.servers} among them
 * @param topic name of the validated topic
 * @param shards partitions of the topic
 * @param groupId consumer group under which read offsets are committed
 * @param clientId prefix of the client ids that brokers see
 * @param start where a job without state starts
 * @param end where the job ends
 */
public record LogSettings(
        Properties kafka,
        String topic,
        int shards,
        String groupId,
        String clientId,
        SourceOffsets start,
        SourceOffsets end) {

    /** Kafka properties, a fresh copy. */
    @Override
    public Properties kafka() {
        Properties copy = new Properties();
        copy.putAll(kafka);
        return copy;
    }
}
