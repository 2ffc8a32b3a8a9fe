package io.spectrawatch.ops;

import io.spectrawatch.flink.verdict.AcceptedValues;
import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the committed records of one topic from its beginning. */
public final class TopicReader implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    public TopicReader(Map<String, Object> client, String topic) {
        this(client, topic, new ByteArrayDeserializer());
    }

    /** The validated log, with the accepted snapshots in the place of verdicts. */
    public static TopicReader ofLog(Map<String, Object> client, String prefix) {
        AcceptedValues values = new AcceptedValues();
        values.configure(client, false);
        return new TopicReader(client, Topics.VALIDATED.topicName(prefix), values);
    }

    private TopicReader(Map<String, Object> client, String topic, Deserializer<byte[]> values) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("fetch.max.bytes", 64 * 1024 * 1024);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), values);
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(p -> new TopicPartition(p.topic(), p.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    public void poll() {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    }

    /** Reads everything that is committed now. */
    public void pollToEnd() {
        consumer.endOffsets(consumer.assignment())
                .forEach(
                        (partition, end) -> {
                            while (consumer.position(partition) < end) {
                                poll();
                            }
                        });
    }

    public List<ConsumerRecord<byte[], byte[]>> records() {
        return List.copyOf(records);
    }

    public long end(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).get(partition);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
