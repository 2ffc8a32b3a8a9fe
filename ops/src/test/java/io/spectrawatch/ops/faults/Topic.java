package io.spectrawatch.ops.faults;

import io.spectrawatch.flink.verdict.AcceptedValues;
import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Scans the committed records of a topic from its first to its present end. */
final class Topic {

    private Topic() {}

    static void scan(
            Map<String, Object> client,
            Topics topic,
            String prefix,
            Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        scan(consumer(client), topic.topicName(prefix), visitor);
    }

    /** The validated log, with the accepted snapshots in the place of verdicts. */
    static void scanLog(
            Map<String, Object> client,
            String prefix,
            Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        AcceptedValues values = new AcceptedValues();
        values.configure(client, false);
        scan(consumer(client, values), Topics.VALIDATED.topicName(prefix), visitor);
    }

    private static void scan(
            KafkaConsumer<byte[], byte[]> open,
            String topic,
            Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = open) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(visitor);
            }
        }
    }

    /** End offsets by partition, as a read-committed consumer sees them. */
    static Map<Integer, Long> ends(Map<String, Object> client, Topics topic, String prefix) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(client)) {
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions(consumer, topic.topicName(prefix)))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client) {
        return consumer(client, new ByteArrayDeserializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(
            Map<String, Object> client, Deserializer<byte[]> values) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), values);
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
    }
}
