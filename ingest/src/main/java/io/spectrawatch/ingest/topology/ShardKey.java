package io.spectrawatch.ingest.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * A record key and the shard the record stays in.
 *
 * @param shard partition of the sharded topics
 * @param bytes the key as written; null for none
 */
record ShardKey(int shard, byte[] bytes) {

    static Serializer<ShardKey> serializer() {
        return (topic, key) -> key.bytes();
    }

    /** Sends a record to the partition its task reads, whatever its key. */
    static StreamPartitioner<ShardKey, byte[]> partitioner() {
        return (topic, key, value, partitions) -> Optional.of(Set.of(key.shard()));
    }
}
