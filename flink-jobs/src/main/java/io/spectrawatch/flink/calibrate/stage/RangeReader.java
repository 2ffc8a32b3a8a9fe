package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.log.DecodedRecord;
import io.spectrawatch.flink.log.SegmentPieces;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SnapshotCheck;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Tick;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Reads a range of the validated log, keyed by shard, into one consumer per shard. Raw activations
 * end here.
 *
 * <p>It keeps no Flink state: the range is bounded and pinned, so a failed job starts over.
 *
 * <p>The same records are left out as by the monitor job; the job fails on a schema that only a
 * later release knows and on ticks of another shard count.
 */
public final class RangeReader extends AbstractStreamOperator<CalibrationMessage>
        implements OneInputStreamOperator<ShardRecord, CalibrationMessage>, BoundedOneInput {

    private static final long serialVersionUID = 1L;

    private final CalibrateSettings settings;
    private final ShardConsumer.Factory factory;

    private transient TreeMap<Integer, ShardConsumer> shards;
    private transient CalibrationTools tools;
    private transient SnapshotCheck check;
    private transient Consumer<CalibrationMessage> out;

    public RangeReader(CalibrateSettings settings, ShardConsumer.Factory factory) {
        this.settings = settings;
        this.factory = factory;
    }

    @Override
    public void open() throws Exception {
        super.open();
        shards = new TreeMap<>();
        tools = new CalibrationTools(settings, getRuntimeContext().getJobInfo().getJobId());
        check = new SnapshotCheck(settings.maxColumns());
        out = message -> output.collect(new StreamRecord<>(message));
    }

    @Override
    public void processElement(StreamRecord<ShardRecord> element) {
        ShardRecord record = element.getValue();
        ShardConsumer shard = shards.computeIfAbsent(record.shard(), s -> factory.create(s, tools));
        String refusal = take(shard, record);
        if (refusal != null) {
            LOG.warn("{}left out, {}", record.at(), refusal);
            shard.leftOut();
        }
    }

    private String take(ShardConsumer shard, ShardRecord record) {
        DecodedRecord decoded = DecodedRecord.of(record);
        if (decoded.snapshot() != null) {
            String refusal = check.refusal(decoded.snapshot().snapshot());
            if (refusal == null) {
                take(shard, decoded.snapshot());
            }
            return refusal;
        }
        if (decoded.value() instanceof Tick tick) {
            requireShards(tick, record);
            shard.tick(tick, out);
        }
        return decoded.refusal();
    }

    /** What is not of the segment is not there for any stage. */
    private void take(ShardConsumer shard, LoggedSnapshot logged) {
        ActivationSnapshot own = SegmentPieces.only(logged.snapshot(), settings.segment());
        if (own != null) {
            shard.snapshot(new LoggedSnapshot(own, logged.countedAt()));
        }
    }

    private void requireShards(Tick tick, ShardRecord record) {
        if (tick.getShard() != record.shard() || tick.getShards() != settings.shards()) {
            throw new IllegalStateException(
                    record.at()
                            + "a tick of shard "
                            + tick.getShard()
                            + " of "
                            + tick.getShards()
                            + ", expected shard "
                            + record.shard()
                            + " of "
                            + settings.shards()
                            + "; choose a range after the log's partitions changed");
        }
    }

    @Override
    public void endInput() {
        shards.values().forEach(shard -> shard.end(out));
    }

    @Override
    public void close() throws Exception {
        // A task that failed to open is closed too.
        if (shards != null) {
            shards.values().forEach(ShardConsumer::close);
        }
        if (tools != null) {
            tools.close();
        }
        super.close();
    }
}
