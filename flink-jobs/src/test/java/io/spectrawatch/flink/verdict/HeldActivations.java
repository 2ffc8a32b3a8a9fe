package io.spectrawatch.flink.verdict;

import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.ValueDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * An activations topic over Kafka's own in-memory consumer: hands out the records of what is
 * assigned and not paused, one at a time, from its seek on.
 */
final class HeldActivations extends MockConsumer<byte[], byte[]> {

    static final String TOPIC = "spectrawatch.activations";
    static final int SHARDS = 2;

    private final Map<TopicPartition, List<Long>> offsets = new HashMap<>();
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();
    private int seeks;

    HeldActivations() {
        super(AutoOffsetResetStrategy.NONE.name());
        Node[] none = {};
        updatePartitions(
                TOPIC,
                List.of(
                        new PartitionInfo(TOPIC, 0, null, none, none),
                        new PartitionInfo(TOPIC, 1, null, none, none)));
        for (int shard = 0; shard < SHARDS; shard++) {
            beginnings.put(new TopicPartition(TOPIC, shard), 0L);
        }
    }

    static byte[] value(int shard, long offset) {
        return ("snapshot " + shard + "/" + offset).getBytes(StandardCharsets.UTF_8);
    }

    static AcceptedSnapshot verdict(int shard, long offset) {
        return new AcceptedSnapshot(
                shard, offset, null, ByteBuffer.wrap(ValueDigest.of(value(shard, offset))));
    }

    void has(int shard, Long... present) {
        offsets.put(new TopicPartition(TOPIC, shard), List.of(present));
    }

    void loses(int shard, long before) {
        beginnings.put(new TopicPartition(TOPIC, shard), before);
    }

    int seeks() {
        return seeks;
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        seeks++;
        super.seek(partition, offset);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        updateBeginningOffsets(beginnings);
        for (TopicPartition each : assignment()) {
            if (!paused().contains(each)) {
                next(each);
            }
        }
        return super.poll(timeout);
    }

    private void next(TopicPartition own) {
        long from = position(own);
        Optional<Long> found =
                offsets.getOrDefault(own, List.of()).stream()
                        .filter(offset -> offset >= from && offset >= beginnings.get(own))
                        .findFirst();
        if (found.isPresent() && from >= beginnings.get(own)) {
            addRecord(
                    new ConsumerRecord<>(
                            TOPIC,
                            own.partition(),
                            found.get(),
                            null,
                            value(own.partition(), found.get())));
        }
    }
}
