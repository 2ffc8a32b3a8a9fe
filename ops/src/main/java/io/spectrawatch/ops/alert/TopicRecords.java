package io.spectrawatch.ops.alert;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the records of one type of a topic; what cannot be decoded is noted and passed over. */
final class TopicRecords implements AutoCloseable {

    /** Places of unreadable records that are named. */
    private static final int MOST_NAMED = 10;

    private static final long MICROS_PER_MILLI = 1000;

    private final String topic;
    private final TopicRange range;
    private final List<String> unreadable = new ArrayList<>();

    TopicRecords(Map<String, Object> client, String prefix, Topics topic) throws IOException {
        this.topic = topic.topicName(prefix);
        this.range = new TopicRange(client, this.topic);
    }

    /**
     * Hands on records from a time on to the present end, until the sink wants no more.
     *
     * @param since microseconds since the epoch by the stamps of the records; null for all
     * @param key key of the records wanted, null for all
     */
    <T extends SpecificRecord> void read(Long since, String key, Class<T> type, Predicate<T> sink)
            throws IOException {
        for (int partition = 0; partition < range.partitions(); partition++) {
            read(partition, start(partition, since), range.end(partition), key, type, sink);
        }
    }

    /** First offset of a partition that is stamped at a time or later. */
    long start(int partition, Long since) throws IOException {
        return since == null
                ? range.beginning(partition)
                : range.at(partition, Math.max(0, Math.floorDiv(since, MICROS_PER_MILLI)));
    }

    int partitions() {
        return range.partitions();
    }

    long end(int partition) throws IOException {
        return range.end(partition);
    }

    <T extends SpecificRecord> void read(
            int partition, long from, long to, String key, Class<T> type, Predicate<T> sink)
            throws IOException {
        range.readWhile(
                partition,
                from,
                to,
                record -> {
                    if (key != null && !key.equals(key(record))) {
                        return true;
                    }
                    T value = decoded(record, type);
                    return value == null || sink.test(value);
                });
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    private <T extends SpecificRecord> T decoded(
            ConsumerRecord<byte[], byte[]> record, Class<T> type) {
        try {
            SpecificRecord value = Wire.decode(record.value());
            return type.isInstance(value) ? type.cast(value) : null;
        } catch (WireException e) {
            if (unreadable.size() < MOST_NAMED) {
                unreadable.add(topic + ", offset " + record.offset() + ": " + e.getMessage());
            }
            return null;
        }
    }

    List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    @Override
    public void close() {
        range.close();
    }
}
