package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.clock.AppendTime;
import io.spectrawatch.ingest.clock.EndOffsets;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.clock.ReadPositions;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.model.ModelRegister;
import io.spectrawatch.schemas.Topics;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The graph of the ingest service.
 *
 * <pre>
 * activations ──► shard ──► validated   same partition
 *                  │  │ └─► rejected    same partition
 *  activation ─────┘  └───► layers
 *  (every instance reads all of it)
 * </pre>
 *
 * <p>Outside of the graph every instance claims model versions in the topic {@code identities} and
 * reads all of it, see {@link ModelRegister}.
 *
 * <p>Stores are in memory, bounded by the limits of the configuration, and kept in changelog
 * topics.
 */
public final class IngestTopology {

    private static final String SOURCE = "activations-source";
    private static final String SHARD = "shard";

    private IngestTopology() {}

    public static Topology build(
            IngestConfig config,
            IngestClock clock,
            EndOffsets endOffsets,
            ReadPositions positions,
            ModelRegister register,
            int shards,
            IngestMetrics metrics) {
        ProcessorSupplier<byte[], byte[], ShardKey, byte[]> shard =
                () ->
                        new ShardProcessor(
                                config, clock, endOffsets, positions, register, shards, metrics);
        String prefix = config.topicPrefix();
        Topology topology = new Topology();
        ActivationLog.addTo(topology, Topics.ACTIVATION.topicName(prefix));
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new AppendTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Topics.ACTIVATIONS.topicName(prefix));
        topology.addProcessor(SHARD, shard, SOURCE);
        topology.addStateStore(inMemory(ShardProcessor.CLOCK_STORE), SHARD);
        topology.addStateStore(inMemory(ShardProcessor.CAPTURES_STORE), SHARD);
        topology.addStateStore(inMemory(ShardProcessor.MODELS_STORE), SHARD);
        topology.addStateStore(inMemory(ShardProcessor.SAMPLES_STORE), SHARD);
        addShardedSink(topology, ShardProcessor.VALIDATED_SINK, Topics.VALIDATED, prefix);
        addShardedSink(topology, ShardProcessor.REJECTED_SINK, Topics.REJECTED, prefix);
        topology.addSink(
                ShardProcessor.LAYERS_SINK,
                Topics.LAYERS.topicName(prefix),
                ShardKey.serializer(),
                new ByteArraySerializer(),
                SHARD);
        return topology;
    }

    private static void addShardedSink(
            Topology topology, String name, Topics topic, String prefix) {
        topology.addSink(
                name,
                topic.topicName(prefix),
                ShardKey.serializer(),
                new ByteArraySerializer(),
                ShardKey.partitioner(),
                SHARD);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> inMemory(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }
}
