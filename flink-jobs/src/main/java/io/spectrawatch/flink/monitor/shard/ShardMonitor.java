package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.flink.log.DecodedRecord;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.monitor.baseline.Baselines;
import io.spectrawatch.flink.monitor.baseline.Detectors;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.MergeKeys;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.message.ShardMessage.Kind;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.Tick;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Sketches the shards of the validated log, keyed by shard, and sends a summary per layer when a
 * tick closes a pane. Raw activations end here.
 *
 * <p>An operator instead of a function because the working copies must reach keyed state before a
 * checkpoint's barrier leaves, which only {@link #prepareSnapshotPreBarrier} allows. State is read
 * lazily, at the first record of a shard after a restore.
 *
 * <p>Where a baseline is in force, the moments of its interfaces are kept beside the sketches. A
 * pane that begins with a baseline waits until it can be had.
 *
 * <p>Where the baseline has a detector, samples are scored by it; their scores leave on a side,
 * because nothing about them needs another shard. Their counts go on with the summaries, and beat
 * by beat while the pane is open.
 *
 * <p>What the log should not hold: a record that cannot be decoded, does not belong into the log,
 * comes for a closed pane or contradicts itself is left out as a whole, logged and counted as
 * {@code refused}; this depends on the log alone, so a replay leaves out the same. The job fails
 * where going on would give wrong sketches: a schema that only a later release knows, a snapshot
 * before any tick, a tick of another shard or shard count.
 */
public final class ShardMonitor extends AbstractStreamOperator<ShardMessage>
        implements OneInputStreamOperator<ShardRecord, ShardMessage>, ShardOutput {

    private static final long serialVersionUID = 1L;
    private static final String STATE = "shard";

    /** Scores of single samples: they need no other shard. */
    public static final OutputTag<OutputRecord> RECORDS =
            new OutputTag<>("records", TypeInformation.of(OutputRecord.class));

    private final SketchSettings settings;
    private final DetectSettings detect;
    private final BaselineSource source;
    private final int shardCount;
    private final int buckets;
    private final SpreadKeys keys;
    private final ReplayStart start;

    private transient TreeMap<Integer, Shard> shards;
    private transient ChunkedState state;
    private transient SubtaskKernels tools;
    private transient ShardMetrics counters;

    public ShardMonitor(
            SketchSettings settings,
            DetectSettings detect,
            BaselineSource source,
            SpreadKeys keys,
            int shardCount,
            int buckets,
            ReplayStart start) {
        this.start = start;
        this.settings = settings;
        this.detect = detect;
        this.source = source;
        this.keys = keys;
        this.shardCount = shardCount;
        this.buckets = buckets;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state =
                new ChunkedState(
                        context.getKeyedStateStore().getMapState(ChunkedState.descriptor(STATE)));
    }

    @Override
    public void open() throws Exception {
        super.open();
        shards = new TreeMap<>();
        counters = new ShardMetrics(getMetricGroup());
        tools =
                new SubtaskKernels(
                        settings,
                        new Baselines(source, counters::waited),
                        new Detectors(detect, this::send));
    }

    @Override
    public void processElement(StreamRecord<ShardRecord> element) throws Exception {
        ShardRecord record = element.getValue();
        Shard shard = shards.get(record.shard());
        if (shard == null) {
            shard = new Shard(record.shard(), shardCount, tools, start);
            shards.put(record.shard(), shard);
            shard.restore(state);
        }
        String refusal = take(shard, record);
        if (refusal != null) {
            counters.refused();
            LOG.warn("{}left out, {}", record.at(), refusal);
        }
        counters.observe(shards.values());
    }

    private String take(Shard shard, ShardRecord record) throws Exception {
        DecodedRecord decoded = DecodedRecord.of(record);
        if (decoded.snapshot() != null) {
            String refusal = shard.snapshot(decoded.snapshot(), record);
            if (refusal == null) {
                counters.accepted(decoded.snapshot().snapshot(), record.value().length);
            }
            return refusal;
        }
        if (decoded.value() instanceof Tick tick) {
            counters.closed(shard.tick(tick, record.offset(), state, this));
        }
        if (decoded.value() instanceof Activate activate) {
            shard.activate(activate);
        }
        return decoded.refusal();
    }

    @Override
    public void part(SketchSummary summary) {
        int bucket = MergeKeys.ofLayer(summary.part(), buckets);
        send(ShardMessage.of(bucket, summary.id(), summary.toBytes()));
    }

    @Override
    public void moments(InterfaceSummary summary) {
        sendToModel(summary.id(), summary.toBytes());
    }

    @Override
    public void judged(JudgementSummary judgement) {
        counters.judged(judgement);
        sendToModel(judgement.id(), judgement.toBytes());
    }

    @Override
    public void scored(ScoreSummary scores) {
        counters.scored(scores);
        sendToModel(scores.id(), scores.toBytes());
    }

    @Override
    public void beat(BeatSummary beat) {
        int bucket = MergeKeys.ofModel(beat.model(), buckets);
        send(ShardMessage.of(bucket, Kind.BEAT, beat.toBytes()));
    }

    @Override
    public void beat(ShardBeat mark) {
        sendToAll(Kind.BEAT_MARK, mark.toBytes());
    }

    @Override
    public void grown(GrowthSummary growth) {
        sendToModel(growth.id(), growth.toBytes());
    }

    @Override
    public void unwatched(UnwatchedSummary unwatched) {
        counters.unwatched(unwatched);
        sendToModel(unwatched.id(), unwatched.toBytes());
    }

    @Override
    public void evicted(EvictionSummary evicted) {
        sendToModel(evicted.id(), evicted.toBytes());
    }

    @Override
    public void closed(ShardClosed mark) {
        sendToAll(Kind.CLOSED, mark.toBytes());
    }

    private void sendToModel(EntryId entry, byte[] payload) {
        send(ShardMessage.of(MergeKeys.ofModel(entry.model(), buckets), entry, payload));
    }

    private void sendToAll(Kind kind, byte[] payload) {
        for (int bucket = 0; bucket < buckets; bucket++) {
            send(ShardMessage.of(bucket, kind, payload));
        }
    }

    private void send(ShardMessage message) {
        output.collect(new StreamRecord<>(message));
    }

    private void send(OutputRecord record) {
        output.collect(RECORDS, new StreamRecord<>(record));
    }

    /** Writes the working copies that changed; the array a snapshot may hold is never reused. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        for (Map.Entry<Integer, Shard> shard : shards.entrySet()) {
            setCurrentKey(keys.key(shard.getKey()));
            shard.getValue().store(state);
        }
    }

    @Override
    public void close() throws Exception {
        // A task that failed to open is closed too.
        if (shards != null) {
            shards.values().forEach(Shard::close);
        }
        if (tools != null) {
            tools.close();
        }
        super.close();
    }
}
