package io.spectrawatch.flink.blob;

import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed records of one topic; its errors name the topic. */
public final class TopicScan implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final List<TopicPartition> partitions = new ArrayList<>();

    /**
     * @throws IOException if no broker answers or the topic does not exist
     */
    public TopicScan(Map<String, ?> client, String topic) throws IOException {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.MAX_RECORD_BYTES);
        this.topic = topic;
        try {
            this.consumer =
                    new KafkaConsumer<>(
                            properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw failed(e);
        }
        try {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
            if (partitions.isEmpty()) {
                throw new IOException("the topic " + topic + " does not exist");
            }
            consumer.assign(partitions);
        } catch (KafkaException e) {
            consumer.close();
            throw failed(e);
        } catch (IOException e) {
            consumer.close();
            throw e;
        }
    }

    /** Takes a record; may end the reading with an error. */
    public interface Sink {
        void accept(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    /** Its partitions. */
    public List<TopicPartition> partitions() {
        return List.copyOf(partitions);
    }

    /** Reads everything that is committed now. */
    public void readAll(Sink sink) throws IOException {
        seekToBeginning();
        Map<TopicPartition, Long> ends = ends();
        while (!reached(ends)) {
            poll(sink);
        }
    }

    void seekToBeginning() throws IOException {
        try {
            consumer.seekToBeginning(partitions);
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /** Reads one partition from an offset to its present end. */
    public void readFrom(TopicPartition partition, long offset, long end, Sink sink)
            throws IOException {
        try {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
        } catch (KafkaException e) {
            throw failed(e);
        }
        while (!reached(Map.of(partition, end))) {
            poll(sink);
        }
    }

    /** First offsets that are kept. */
    public Map<TopicPartition, Long> beginnings() throws IOException {
        try {
            return consumer.beginningOffsets(partitions);
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /** Offsets after the last committed records. */
    public Map<TopicPartition, Long> ends() throws IOException {
        try {
            return consumer.endOffsets(partitions);
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    boolean reached(Map<TopicPartition, Long> ends) throws IOException {
        try {
            return ends.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    void poll(Sink sink) throws IOException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                sink.accept(record);
            }
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private IOException failed(KafkaException e) {
        if (e instanceof InterruptException) {
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while reading " + topic);
            interrupted.initCause(e);
            return interrupted;
        }
        if (e instanceof UnknownTopicOrPartitionException || e instanceof InvalidTopicException) {
            return new IOException("the topic " + topic + " does not exist", e);
        }
        return new IOException("cannot read " + topic + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
