package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.schemas.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows topics from their beginning and hands on every committed record, decoded. */
public final class RecordFollower implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long STOP_MILLIS = 5_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<SpecificRecord> sink;
    private final Thread reader = new Thread(this::read, "record-follower");
    private volatile RuntimeException failure;

    /**
     * @param sink called on the follower's thread
     */
    public RecordFollower(
            Map<String, Object> client, List<String> topics, Consumer<SpecificRecord> sink) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.sink = sink;
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic)
                    .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        reader.start();
    }

    /** Fails with what ended the following, if anything did. */
    public void check() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reader.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    sink.accept(Wire.decode(record.value()));
                }
            }
        } catch (WakeupException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
