package io.spectrawatch.ingest.topology;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.ReadPositions;
import io.spectrawatch.ingest.clock.ShardEnd;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * One shard's processor over stores that outlive it, so that a restart is a new processor on the
 * same stores.
 */
final class ShardHarness {

    static final int SHARD = 3;
    static final int SHARDS = 4;
    static final String TOPIC = "spectrawatch.activations";

    final FakeClock clock = new FakeClock();
    final CollectorRegistry registry = new CollectorRegistry();
    final KeyValueStore<Long, byte[]> activations =
            Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(ActivationLog.STORE),
                            Serdes.Long(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();

    private final IngestMetrics metrics = new IngestMetrics(registry, 2);
    private final Path folder;
    private final List<KeyValueStore<String, byte[]>> stores =
            List.of(
                    store(ShardProcessor.CLOCK_STORE),
                    store(ShardProcessor.CAPTURES_STORE),
                    store(ShardProcessor.MODELS_STORE),
                    store(ShardProcessor.SAMPLES_STORE));

    private IngestConfig config;
    private MockProcessorContext<ShardKey, byte[]> context;
    private ShardProcessor processor;
    private long nextOffset;
    private int read;

    final ReadPositions positions = new ReadPositions();
    private FakeRegister register;

    /** Where a broker would say that the shard ends; null: the broker does not answer. */
    ShardEnd end;

    ShardHarness(IngestConfig config, Path folder) {
        this(config, folder, new FakeRegister(config.models(), config.layers()));
    }

    ShardHarness(IngestConfig config, Path folder, FakeRegister register) {
        this.register = register;
        this.config = config;
        this.folder = folder;
        start();
    }

    private void start() {
        context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, SHARD), folder.toFile());
        for (StateStore store : stores) {
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
        }
        activations.init(context.getStateStoreContext(), activations);
        context.addStateStore(activations);
        processor =
                new ShardProcessor(
                        config,
                        clock,
                        shard ->
                                end == null
                                        ? new CompletableFuture<>()
                                        : CompletableFuture.completedFuture(end),
                        positions,
                        register,
                        SHARDS,
                        metrics);
        processor.init(context);
        read = 0;
    }

    void restart() {
        restart(config);
    }

    void restart(IngestConfig changed) {
        processor.close();
        config = changed;
        start();
    }

    /** As if another release had written the shard's state. */
    void storeState(byte[] state) {
        stores.get(0).put(ShardProcessor.STATE, state);
    }

    /** A restart on the same stores beside another register. */
    ShardHarness moveTo(FakeRegister other) {
        register = other;
        restart();
        return this;
    }

    void punctuateAt(long now) {
        clock.now = now;
        context.scheduledPunctuators().get(0).getPunctuator().punctuate(now / 1000);
    }

    void send(ActivationSnapshot.Builder snapshot, long appendedAt) {
        send(Snapshots.utf8(snapshot.getCaptureId()), Snapshots.bytes(snapshot), appendedAt);
    }

    void send(byte[] key, byte[] value, long appendedAt) {
        send(key, value, appendedAt, new RecordHeaders());
    }

    void send(byte[] key, byte[] value, long appendedAt, Headers headers) {
        context.setRecordMetadata(TOPIC, SHARD, nextOffset++);
        positions.polled(SHARD, nextOffset, nextOffset - 1);
        processor.process(new Record<>(key, value, appendedAt / 1000, headers));
    }

    /** The consumer passes over offsets without a record for it, such as a transaction's marker. */
    void skip(int offsets) {
        nextOffset += offsets;
        positions.polled(SHARD, nextOffset, -1);
    }

    /** The broker answers that the shard ends behind what was sent and skipped. */
    void endHere() {
        endWith(nextOffset, nextOffset);
    }

    /** The broker answers that the shard ends so. */
    void endWith(long stable, long high) {
        end = new ShardEnd(0, stable < high ? -1 : high - 1, stable, high);
    }

    /** What was written since the last call, by sink. */
    List<Record<ShardKey, byte[]>> written(String sink) {
        List<Record<ShardKey, byte[]>> records = new ArrayList<>();
        List<MockProcessorContext.CapturedForward<? extends ShardKey, ? extends byte[]>> forwards =
                new ArrayList<>(context.forwarded());
        for (int i = read; i < forwards.size(); i++) {
            if (forwards.get(i).childName().orElseThrow().equals(sink)) {
                Record<? extends ShardKey, ? extends byte[]> record = forwards.get(i).record();
                records.add(
                        new Record<>(
                                record.key(),
                                record.value(),
                                record.timestamp(),
                                record.headers()));
            }
        }
        return records;
    }

    /** What was written into the validated log since the last call of {@link #forget()}. */
    List<SpecificRecord> log() {
        return written(ShardProcessor.VALIDATED_SINK).stream()
                .map(record -> Wire.decode(record.value()))
                .toList();
    }

    void forget() {
        context.resetForwards();
        read = 0;
    }

    Tick lastTick() {
        List<SpecificRecord> log = log();
        for (int i = log.size() - 1; i >= 0; i--) {
            if (log.get(i) instanceof Tick tick) {
                return tick;
            }
        }
        throw new AssertionError("no tick in " + log);
    }

    private static KeyValueStore<String, byte[]> store(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }
}
