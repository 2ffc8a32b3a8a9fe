package io.spectrawatch.ingest.topology;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The activation topic by offset, readable by every task of the instance.
 *
 * <p>Each shard keeps a cursor in its own state and copies what lies at or after it, in order,
 * together with its other output: every activation enters every shard exactly once. How far this
 * store has come at that moment may differ between instances; only the position in the shard's log
 * does, and readers go by effectiveFrom.
 */
final class ActivationLog {

    static final String STORE = "activation-log";

    private ActivationLog() {}

    static void addTo(Topology topology, String topic) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(STORE),
                                Serdes.Long(),
                                Serdes.ByteArray())
                        .withLoggingDisabled(),
                "activation-source",
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic,
                "activation-copy",
                Copy::new);
    }

    private static final class Copy implements Processor<byte[], byte[], Void, Void> {
        private ProcessorContext<Void, Void> context;
        private KeyValueStore<Long, byte[]> store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
            this.store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            store.put(context.recordMetadata().orElseThrow().offset(), record.value());
        }
    }
}
