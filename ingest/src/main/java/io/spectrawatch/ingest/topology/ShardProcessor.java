package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.check.Admission;
import io.spectrawatch.ingest.check.CaptureTimes;
import io.spectrawatch.ingest.check.DuplicateFilter;
import io.spectrawatch.ingest.check.PartOrder;
import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.ingest.check.SnapshotValidator;
import io.spectrawatch.ingest.clock.EndOffsets;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.clock.LowWaterMark;
import io.spectrawatch.ingest.clock.ReadPositions;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.ingest.model.ModelCatalogue;
import io.spectrawatch.ingest.model.ModelRegister;
import io.spectrawatch.ingest.state.ShardState;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.LayerCatalogueEntry;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard: takes every decision about time, order and duplicates, and writes it into the shard's
 * log.
 *
 * <p>The log of a shard is a sequence of
 *
 * <pre>
 * Tick                 first after every start of the task, so that a reader knows the pane length
 * snapshot, unchanged  accepted; its pane was open at the last Tick
 * LateSnapshot         accepted, holding the snapshot unchanged; its pane was closed, so it
 *                      counts in the oldest that was open
 * AcceptedSnapshot     in the place of either where the log holds verdicts: leads to the
 *                      snapshot, which stays in the activations topic
 * Activate             a copy of the activation topic's record, in that topic's order
 * Tick                 whenever the append time has gone on by the tick interval, and at least
 *                      once per tick interval of real time; tells how many records were refused
 *                      and late since the one before
 * </pre>
 *
 * <p>Ticks that follow the append time make the log of a backlog as fine-grained as that of live
 * traffic. Output, state and offsets are committed in one transaction, hence also the cursor of the
 * copied activations.
 *
 * <p>An Activate is copied as it was requested. Shards copy it at different places of their logs,
 * but before or after a pane is a matter of its effectiveFrom alone; who requests it has to choose
 * a pane that no shard has begun, that is one that starts later than now plus the clock skew
 * allowed.
 */
public final class ShardProcessor implements Processor<byte[], byte[], ShardKey, byte[]> {

    public static final String CLOCK_STORE = "clock";
    static final String CAPTURES_STORE = "captures";
    static final String MODELS_STORE = "models";
    static final String SAMPLES_STORE = "samples";

    /** Under which the clock's store keeps the shard's state. */
    static final String STATE = "state";

    static final String VALIDATED_SINK = "validated-sink";
    static final String REJECTED_SINK = "rejected-sink";
    static final String LAYERS_SINK = "layers-sink";

    private static final Logger LOG = LoggerFactory.getLogger(ShardProcessor.class);
    private static final long MICROS_PER_MILLI = 1000;

    private final IngestConfig config;
    private final IngestClock clock;
    private final EndOffsets endOffsets;
    private final ReadPositions positions;
    private final ModelRegister register;
    private final int shards;
    private final IngestMetrics metrics;
    private final Admission admission;
    private final CaptureTimes times;
    private final LogForm form;

    private ProcessorContext<ShardKey, byte[]> context;
    private KeyValueStore<String, byte[]> clockStore;
    private KeyValueStore<Long, byte[]> activations;
    private int shard;
    private ShardState state;
    private LowWaterMark mark;
    private ForeseenChecks validator;
    private DuplicateFilter duplicates;
    private PartOrder parts;
    private ModelCatalogue catalogue;
    private RefusalLog refusals;
    private ClockHolds holds;
    private boolean begun;
    private boolean tickedSincePunctuation;

    ShardProcessor(
            IngestConfig config,
            IngestClock clock,
            EndOffsets endOffsets,
            ReadPositions positions,
            ModelRegister register,
            int shards,
            IngestMetrics metrics) {
        this.config = config;
        this.clock = clock;
        this.endOffsets = endOffsets;
        this.positions = positions;
        this.register = register;
        this.shards = shards;
        this.metrics = metrics;
        this.admission = new Admission(config);
        this.times = new CaptureTimes(config);
        this.form = config.logForm();
    }

    @Override
    public void init(ProcessorContext<ShardKey, byte[]> context) {
        this.context = context;
        this.shard = context.taskId().partition();
        this.clockStore = context.getStateStore(CLOCK_STORE);
        this.activations = context.getStateStore(ActivationLog.STORE);
        this.duplicates =
                new DuplicateFilter(
                        context.getStateStore(CAPTURES_STORE),
                        config.dedupWindow(),
                        config.dedupCaptures());
        this.parts = new PartOrder(context.getStateStore(SAMPLES_STORE), config.openSamples());
        this.catalogue =
                new ModelCatalogue(
                        context.getStateStore(MODELS_STORE),
                        register,
                        shard,
                        config.models(),
                        config.layers());
        this.validator = new ForeseenChecks(new SnapshotValidator(config), shard);
        this.refusals = new RefusalLog(shard);
        this.holds = new ClockHolds(config, shard, metrics);
        this.state = restoreState();
        this.mark = new LowWaterMark(endOffsets, positions, shard, clock, state);
        context.schedule(
                Duration.ofMillis(config.tickIntervalMillis()),
                PunctuationType.WALL_CLOCK_TIME,
                now -> punctuate());
    }

    private ShardState restoreState() {
        byte[] stored = clockStore.get(STATE);
        if (stored == null) {
            return ShardState.fresh(config.paneMicros());
        }
        ShardState restored = ShardState.fromBytes(stored);
        if (restored.paneLength() != config.paneMicros()) {
            LOG.warn(
                    "shard {}: pane length changes from {} to {} us; what was captured before {} us"
                            + " stays closed",
                    shard,
                    restored.paneLength(),
                    config.paneMicros(),
                    restored.closedUntil());
        }
        // Its offset is that of the last tick; a record accepted after it left its own trace.
        return restored.withNextOffset(Math.max(restored.nextOffset(), duplicates.nextOffset()));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!begun) {
            copyActivations();
            tick();
        }
        RecordMetadata source = context.recordMetadata().orElseThrow();
        long appendedAt = record.timestamp() * MICROS_PER_MILLI;
        decide(record, source, appendedAt);
        mark.processed(source.offset(), appendedAt);
        if (mark.time() - state.time() >= config.tickIntervalMicros()) {
            tick();
        }
    }

    /** Into the log, or to the dead letters. */
    private void decide(Record<byte[], byte[]> record, RecordMetadata source, long appendedAt) {
        ActivationSnapshot snapshot = null;
        try {
            snapshot = validator.identify(record.key(), record.value());
            validator.check(snapshot);
            // Before the catalogue claims a version for it on all shards.
            admission.admit(snapshot, appendedAt);
            catalogue.check(snapshot);
            LoggedSnapshot logged = times.judge(snapshot, appendedAt, state);
            duplicates.check(snapshot.getCaptureId(), snapshot.getSequence());
            parts.check(snapshot);
            accept(record, source, logged);
        } catch (Refused refused) {
            refuse(record, source, snapshot, refused);
        }
    }

    /**
     * @param snapshot null if the record does not tell whose it is
     */
    private void refuse(
            Record<byte[], byte[]> record,
            RecordMetadata source,
            ActivationSnapshot snapshot,
            Refused refused) {
        metrics.rejected(refused.reason());
        if (refused.reason() != RejectionReason.DUPLICATE) {
            count(state.withOneMoreRefused());
        }
        String line = refusals.line(refused, source.offset(), clock.nowMicros());
        if (line != null) {
            LOG.warn(line);
        }
        if (snapshot != null) {
            metrics.skipped(
                    snapshot, duplicates.refuse(snapshot.getCaptureId(), snapshot.getSequence()));
        }
        context.forward(DeadLetter.of(record, source, refused), REJECTED_SINK);
    }

    private void accept(Record<byte[], byte[]> record, RecordMetadata source, LoggedSnapshot logged)
            throws Refused {
        ActivationSnapshot snapshot = logged.snapshot();
        for (LayerCatalogueEntry entry : catalogue.accept(snapshot, source.offset())) {
            String key = Topics.key(entry.getModelId(), entry.getModelVersion(), entry.getLayer());
            forward(
                    key.getBytes(StandardCharsets.UTF_8),
                    Wire.encode(entry),
                    record.timestamp(),
                    LAYERS_SINK);
        }
        long skipped =
                duplicates.accept(snapshot.getCaptureId(), snapshot.getSequence(), source.offset());
        metrics.accepted(snapshot, record.value().length, record.timestamp() * MICROS_PER_MILLI);
        metrics.skipped(snapshot, skipped);
        metrics.accepted(shard, record.value().length, duplicates.captures());
        metrics.parts(parts.accept(logged, state.paneLength()));
        byte[] value = record.value();
        if (logged.isLate()) {
            metrics.late();
            count(state.withOneMoreLate());
            value = Wire.encode(new LateSnapshot(logged.countedAt(), ByteBuffer.wrap(value)));
        }
        context.forward(entry(record, source, logged, value), VALIDATED_SINK);
    }

    /**
     * What the log holds for a snapshot that is accepted.
     *
     * @param value a copy
     */
    private Record<ShardKey, byte[]> entry(
            Record<byte[], byte[]> record,
            RecordMetadata source,
            LoggedSnapshot logged,
            byte[] value) {
        byte[] digest = ValueDigest.of(value);
        Headers headers = new RecordHeaders();
        byte[] entry = value;
        if (form != LogForm.VERDICTS) {
            headers.add(ValueDigest.HEADER, digest);
        } else {
            entry =
                    Wire.encode(
                            new AcceptedSnapshot(
                                    shard,
                                    source.offset(),
                                    logged.isLate() ? logged.countedAt() : null,
                                    ByteBuffer.wrap(digest)));
        }
        return new Record<>(new ShardKey(shard, record.key()), entry, record.timestamp(), headers);
    }

    /** At once, so that what is committed and not yet in a tick is in the first after a restart. */
    private void count(ShardState counted) {
        state = counted;
        clockStore.put(STATE, state.toBytes());
    }

    private void punctuate() {
        holds.report(mark.poll(), mark);
        register.refresh();
        copyActivations();
        // A shard whose append time has just ticked needs no second tick, but an idle one does.
        if (!tickedSincePunctuation) {
            tick();
        }
        tickedSincePunctuation = false;
    }

    private void tick() {
        long time = mark.time();
        long pane = config.paneMicros();
        long closed = Math.floorDiv(time - config.latenessMicros(), pane) * pane;
        Tick tick =
                new Tick(
                        time,
                        pane,
                        config.latenessMicros(),
                        shard,
                        shards,
                        state.nextTick(),
                        state.counts() ? state.refused() : null,
                        state.counts() ? state.late() : null);
        state =
                new ShardState(
                        time,
                        state.nextTick() + 1,
                        pane,
                        Math.max(state.closedUntil(), closed),
                        mark.nextOffset(),
                        state.activationCursor(),
                        0,
                        0);
        clockStore.put(STATE, state.toBytes());
        forward(null, Wire.encode(tick), nowMillis(), VALIDATED_SINK);
        parts.close(state.closedUntil());
        metrics.tick(shard, time, parts.samples());
        begun = true;
        tickedSincePunctuation = true;
    }

    private void copyActivations() {
        long cursor = state.activationCursor();
        try (KeyValueIterator<Long, byte[]> waiting = activations.range(cursor, Long.MAX_VALUE)) {
            while (waiting.hasNext()) {
                KeyValue<Long, byte[]> entry = waiting.next();
                copyActivation(entry.key, entry.value);
                cursor = entry.key + 1;
            }
        }
        if (cursor != state.activationCursor()) {
            state = state.withActivationCursor(cursor);
            clockStore.put(STATE, state.toBytes());
        }
    }

    private void copyActivation(long offset, byte[] value) {
        boolean decodable = true;
        try {
            Wire.decode(value, Activate.class);
            forward(null, value, nowMillis(), VALIDATED_SINK);
        } catch (WireException e) {
            decodable = false;
            LOG.error("shard {}: activation at offset {} is no Activate", shard, offset, e);
        }
        metrics.activation(decodable);
    }

    /** Only a stamp for retention; readers go by what the records say. */
    private long nowMillis() {
        return Math.max(0, clock.nowMicros() / MICROS_PER_MILLI);
    }

    private void forward(byte[] key, byte[] value, long timestamp, String sink) {
        context.forward(new Record<>(new ShardKey(shard, key), value, timestamp), sink);
    }

    @Override
    public void close() {
        metrics.shardLeft(shard);
    }
}
