package io.spectrawatch.ops.topic;

import io.spectrawatch.flink.verdict.AcceptedValues;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads committed records of one topic between offsets; its errors name the topic. */
public final class TopicRange implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final List<TopicPartition> partitions;

    /**
     * Connects to a topic.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @throws MissingTopicException if the topic does not exist
     * @throws IOException if no broker answers
     */
    public TopicRange(Map<String, ?> client, String topic) throws IOException {
        this(client, topic, new ByteArrayDeserializer());
    }

    /**
     * Connects to a topic of snapshots; where it holds verdicts, the accepted snapshots are read in
     * their place, as far as they are kept.
     *
     * @throws MissingTopicException if the topic does not exist
     * @throws IOException if no broker answers
     */
    public static TopicRange ofSnapshots(Map<String, ?> client, String topic) throws IOException {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, AcceptedValues.AT_ONCE);
        return new TopicRange(properties, topic, new AcceptedValues());
    }

    private TopicRange(Map<String, ?> client, String topic, Deserializer<byte[]> values)
            throws IOException {
        this.topic = topic;
        try {
            consumer = CommittedReader.open(client, "none", values);
        } catch (KafkaException e) {
            throw failed(e);
        }
        try {
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            partitions =
                    found.stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                            .toList();
        } catch (KafkaException e) {
            consumer.close();
            throw failed(e);
        }
        if (partitions.isEmpty()) {
            consumer.close();
            throw new MissingTopicException(topic);
        }
    }

    /** Partitions of the topic. */
    public int partitions() {
        return partitions.size();
    }

    /** First offset that the topic still has. */
    public long beginning(int partition) throws IOException {
        return ask(partition, own -> consumer.beginningOffsets(List.of(own)).get(own));
    }

    /** The offset after the last committed record. */
    public long end(int partition) throws IOException {
        return ask(partition, own -> consumer.endOffsets(List.of(own)).get(own));
    }

    /** Offset of the first record stamped at a time or later; the end where there is none. */
    public long at(int partition, long millis) throws IOException {
        OffsetAndTimestamp found =
                ask(partition, own -> consumer.offsetsForTimes(Map.of(own, millis)).get(own));
        return found == null ? end(partition) : found.offset();
    }

    private <T> T ask(int partition, Function<TopicPartition, T> question) throws IOException {
        try {
            return question.apply(partitions.get(partition));
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /** Hands on the records of a partition with offsets in [from, to). */
    public void read(
            int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink)
            throws IOException {
        readWhile(
                partition,
                from,
                to,
                record -> {
                    sink.accept(record);
                    return true;
                });
    }

    /** The same until the sink wants no more: then it answers false. */
    public void readWhile(
            int partition, long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> sink)
            throws IOException {
        TopicPartition own = partitions.get(partition);
        try {
            consumer.assign(List.of(own));
            consumer.seek(own, from);
            while (consumer.position(own) < to) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < to && !sink.test(record)) {
                        return;
                    }
                }
            }
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private IOException failed(KafkaException e) {
        return new IOException("cannot read " + topic + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
