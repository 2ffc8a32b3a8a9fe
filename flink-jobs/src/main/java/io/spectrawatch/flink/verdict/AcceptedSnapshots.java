package io.spectrawatch.flink.verdict;

import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.fetch.BoundedConsumer;
import io.spectrawatch.schemas.fetch.FetchLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Fetches the snapshots that verdicts speak of from the activations topic.
 *
 * <pre>{@code
 * try (AcceptedSnapshots snapshots = AcceptedSnapshots.open(client, "spectrawatch.activations")) {
 *     Optional<byte[]> copy = snapshots.copy(verdict);
 * }
 * }</pre>
 *
 * <p>The verdicts of a shard come in the order of the records they speak of, so a partition is read
 * from front to back and what was refused in between is skipped. One record of each partition is
 * held, beside what Kafka's consumer has fetched and not unpacked. What a client compressed is
 * unpacked within the limits that ingest keeps. Of one thread.
 */
final class AcceptedSnapshots implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    /** A broker that is away longer fails the reader, which begins again where it was. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int AS_THE_SYSTEM_SIZES_IT = -1;

    /** Refused records in a row that are read over; beyond so many it is cheaper to seek. */
    private static final long NEAR = 256;

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Duration patience;
    private final Map<TopicPartition, ConsumerRecord<byte[], byte[]>> ahead = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private TopicPartition current;

    AcceptedSnapshots(Consumer<byte[], byte[]> consumer, String topic, Duration patience) {
        this.consumer = consumer;
        this.topic = topic;
        this.patience = patience;
    }

    /**
     * Opens a reader.
     *
     * @param client properties of a Kafka client or consumer, {@code bootstrap.servers} among them
     * @param topic full name of the activations topic
     * @throws org.apache.kafka.common.KafkaException if the properties are wrong
     */
    static AcceptedSnapshots open(Map<String, ?> client, String topic) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        properties.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        // As ingest reads it: what a transaction took back was never accepted.
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // Kafka's 64 KiB have broker and reader wake each other dozens of times for a record.
        properties.putIfAbsent(ConsumerConfig.RECEIVE_BUFFER_CONFIG, AS_THE_SYSTEM_SIZES_IT);
        properties.computeIfPresent(
                ConsumerConfig.CLIENT_ID_CONFIG, (key, id) -> id + "-activations");
        properties.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                FetchLimits.OF_TOPICS.recordBytes());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return new AcceptedSnapshots(
                BoundedConsumer.of(consumer, FetchLimits.OF_TOPICS), topic, PATIENCE);
    }

    /**
     * What a copy in the place of the verdict would hold: the record's value, within a {@link
     * LateSnapshot} where it is late.
     *
     * @return empty if the topic no longer has it, or has something else in its place
     * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
     */
    Optional<byte[]> copy(AcceptedSnapshot verdict) {
        byte[] value = value(new TopicPartition(topic, verdict.getShard()), verdict.getOffset());
        if (value != null && verdict.getCountedAt() != null) {
            value = Wire.encode(new LateSnapshot(verdict.getCountedAt(), ByteBuffer.wrap(value)));
        }
        boolean same =
                value != null && ByteBuffer.wrap(ValueDigest.of(value)).equals(verdict.getSha256());
        return same ? Optional.of(value) : Optional.empty();
    }

    private byte[] value(TopicPartition own, long offset) {
        if (offset < 0 || !turnTo(own)) {
            return null;
        }
        approach(own, offset);
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            ConsumerRecord<byte[], byte[]> record = ahead.remove(own);
            if (record == null) {
                record = poll(own, offset);
            }
            if (record == null) {
                if (consumer.position(own) > offset || isGone(own, offset)) {
                    next.remove(own);
                    return null;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new TimeoutException(
                            own
                                    + ", offset "
                                    + offset
                                    + ": an accepted snapshot did not come within "
                                    + patience.toSeconds()
                                    + " s");
                }
            } else if (record.offset() < offset) {
                continue;
            } else if (record.offset() > offset) {
                ahead.put(own, record);
                return null;
            } else {
                return record.value();
            }
        }
    }

    /**
     * Has only this partition fetched; what the others have fetched stays.
     *
     * @return false if there is no such partition
     */
    private boolean turnTo(TopicPartition own) {
        if (own.equals(current)) {
            return true;
        }
        if (!consumer.assignment().contains(own)) {
            if (own.partition() < 0 || own.partition() >= consumer.partitionsFor(topic).size()) {
                return false;
            }
            List<TopicPartition> all = new ArrayList<>(consumer.assignment());
            all.add(own);
            consumer.assign(all);
        }
        if (current != null) {
            consumer.pause(List.of(current));
        }
        consumer.resume(List.of(own));
        current = own;
        return true;
    }

    /** Seeks where reading on would not come to the offset, or not soon. */
    private void approach(TopicPartition own, long offset) {
        Long reached = next.get(own);
        if (reached == null || offset < reached || offset - reached > NEAR) {
            ahead.remove(own);
            consumer.seek(own, offset);
        }
        next.put(own, offset + 1);
    }

    private ConsumerRecord<byte[], byte[]> poll(TopicPartition own, long offset) {
        try {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(own);
            return records.isEmpty() ? null : records.get(0);
        } catch (OffsetOutOfRangeException e) {
            // Retention overtook the place; whether it took the record as well is asked next.
            consumer.seek(own, offset);
            return null;
        }
    }

    private boolean isGone(TopicPartition own, long offset) {
        return offset < consumer.beginningOffsets(List.of(own)).get(own);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
