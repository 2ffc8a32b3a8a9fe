package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The validated log as a Flink source: read committed, undecoded, one partition per shard. Verdicts
 * come as they are: {@code flink.verdict} has what puts the accepted snapshots in their place.
 */
public final class ValidatedLog {

    /** Largest Kafka request of a client that carries the largest record. */
    public static final String LARGEST_REQUEST =
            Integer.toString(Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES);

    /**
     * Bytes of a partition that are fetched at a time, a larger batch as a whole. What is fetched
     * of one shard is read before the next shard's, and closed panes wait in memory for the
     * slowest: in a megabyte there would be ten thousand verdicts.
     */
    private static final String FETCH_BYTES = Integer.toString(16 << 10);

    /** Records that the source hands on at a time, for the same reason. */
    private static final String AT_ONCE = "8";

    private ValidatedLog() {}

    /**
     * Makes sure that a broker answers and that the topic has the configured shards.
     *
     * @throws IOException if not; the message says what is wrong, within 10 seconds
     */
    public static void check(LogSettings settings) throws IOException {
        LogCheck.run(settings);
    }

    /**
     * The log as a source; bounded where the settings name an end.
     *
     * @throws org.apache.kafka.common.config.ConfigException if offsets are named but not for
     *     exactly all shards
     */
    public static KafkaSource<ShardRecord> source(LogSettings settings) {
        Properties properties = settings.kafka();
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, AT_ONCE);
        // A further partition would be a new epoch of the log, never something to discover.
        properties.putIfAbsent("partition.discovery.interval.ms", "-1");
        // Hundreds of client metrics per subtask, most of them under colliding names.
        properties.putIfAbsent("register.consumer.metrics", "false");
        KafkaSourceBuilder<ShardRecord> source =
                KafkaSource.<ShardRecord>builder()
                        .setProperties(properties)
                        .setTopics(settings.topic())
                        .setGroupId(settings.groupId())
                        .setClientIdPrefix(settings.clientId())
                        .setDeserializer(new ValidatedDeserializer())
                        .setStartingOffsets(
                                settings.start().initializer(settings.topic(), settings.shards()));
        if (settings.end().isExplicit()) {
            source.setBounded(settings.end().initializer(settings.topic(), settings.shards()));
        }
        return source.build();
    }
}
