package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.Wire;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the activations that a replay begins with before the first record of each shard, and leaves
 * out the log's own where another baseline is asked about.
 *
 * <p>What it remembers is in no checkpoint: a replay has none, and starts again after a failure.
 */
final class ReplayInput implements FlatMapFunction<ShardRecord, ShardRecord> {

    private static final long serialVersionUID = 1L;
    private static final long NO_OFFSET = -1;
    private static final String ACTIVATE = Activate.getClassSchema().getFullName();

    private final ReplayStart start;
    private transient Set<Integer> begun;

    ReplayInput(ReplayStart start) {
        this.start = start;
    }

    @Override
    public void flatMap(ShardRecord record, Collector<ShardRecord> out) {
        if (begun == null) {
            begun = new HashSet<>();
        }
        if (begun.add(record.shard())) {
            for (byte[] activation : start.activations(record.shard())) {
                out.collect(new ShardRecord(record.shard(), NO_OFFSET, activation));
            }
        }
        if (start.logActivates() || !Wire.isA(record.value(), ACTIVATE)) {
            out.collect(record);
        }
    }
}
