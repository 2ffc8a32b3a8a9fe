package io.spectrawatch.ops.topic;

import io.spectrawatch.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** A consumer of what is committed in our topics, which creates no topic and commits nothing. */
public final class CommittedReader {

    private CommittedReader() {}

    /**
     * Opens one.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param reset where it reads from an offset that is gone: none or earliest
     * @throws org.apache.kafka.common.KafkaException if the properties are wrong
     */
    public static KafkaConsumer<byte[], byte[]> open(Map<String, ?> client, String reset) {
        return open(client, reset, new ByteArrayDeserializer());
    }

    /**
     * Opens one that reads values in a way of their own.
     *
     * @param values is configured as one that Kafka makes by itself
     * @throws org.apache.kafka.common.KafkaException if the properties are wrong
     */
    static KafkaConsumer<byte[], byte[]> open(
            Map<String, ?> client, String reset, Deserializer<byte[]> values) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset);
        properties.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.MAX_RECORD_BYTES);
        values.configure(properties, false);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), values);
    }
}
