package io.spectrawatch.flink.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;

/** Where in the validated log a job starts or ends. */
public final class SourceOffsets {

    /** Starts at the first record that the log still has. */
    public static final String EARLIEST = "earliest";

    /** Starts at the offsets of the consumer group. */
    public static final String COMMITTED = "committed";

    private final String key;
    private final String name;
    private final TreeMap<Integer, Long> offsets;

    private SourceOffsets(String key, String name, TreeMap<Integer, Long> offsets) {
        this.key = key;
        this.name = name;
        this.offsets = offsets;
    }

    /**
     * Reads where a job starts.
     *
     * @param key name of the setting in errors
     * @param value earliest, committed, or partition:offset separated by commas
     * @throws ConfigException if the value is anything else
     */
    public static SourceOffsets parseStart(String key, String value) {
        if (value.equals(EARLIEST) || value.equals(COMMITTED)) {
            return new SourceOffsets(key, value, null);
        }
        return explicit(key, value);
    }

    /**
     * Reads where a job ends.
     *
     * @param key name of the setting in errors
     * @param value empty for never, or partition:offset (exclusive) separated by commas
     * @throws ConfigException if the value is anything else
     */
    public static SourceOffsets parseEnd(String key, String value) {
        return value.isEmpty() ? new SourceOffsets(key, value, null) : explicit(key, value);
    }

    /** Whether offsets are named, one per partition. */
    public boolean isExplicit() {
        return offsets != null;
    }

    /**
     * As Flink's source takes it. Named offsets that the log no longer has are an error, never
     * replaced: a replay of other records would be no replay.
     *
     * @throws ConfigException if offsets are named but not for exactly all shards
     */
    @SuppressWarnings("deprecation") // The connector's interface asks for OffsetResetStrategy.
    public OffsetsInitializer initializer(String topic, int shards) {
        if (!isExplicit()) {
            return name.equals(COMMITTED)
                    ? OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST)
                    : OffsetsInitializer.earliest();
        }
        byShard(shards);
        Map<TopicPartition, Long> byPartition = new HashMap<>();
        offsets.forEach((p, offset) -> byPartition.put(new TopicPartition(topic, p), offset));
        return OffsetsInitializer.offsets(byPartition, OffsetResetStrategy.NONE);
    }

    /**
     * The named offsets in shard order.
     *
     * @throws ConfigException if offsets are not named for exactly all shards
     */
    public List<Long> byShard(int shards) {
        if (!isExplicit()
                || offsets.size() != shards
                || offsets.firstKey() != 0
                || offsets.lastKey() != shards - 1) {
            throw new ConfigException(
                    key,
                    isExplicit() ? offsets : name,
                    "one offset for each of the partitions 0 to " + (shards - 1));
        }
        return List.copyOf(offsets.values());
    }

    private static SourceOffsets explicit(String key, String value) {
        TreeMap<Integer, Long> offsets = new TreeMap<>();
        for (String entry : value.split(",")) {
            String[] parts = entry.trim().split(":");
            try {
                int partition = Integer.parseInt(parts[0]);
                long offset = Long.parseLong(parts[1]);
                if (parts.length != 2 || partition < 0 || offset < 0) {
                    throw expected(key, value);
                }
                offsets.put(partition, offset);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw expected(key, value);
            }
        }
        return new SourceOffsets(key, value, offsets);
    }

    private static ConfigException expected(String key, String value) {
        return new ConfigException(
                key, value, "expected partition:offset, separated by commas, as in 0:120,1:96");
    }
}
