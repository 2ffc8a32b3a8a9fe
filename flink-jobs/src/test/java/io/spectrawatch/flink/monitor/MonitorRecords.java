package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.ArrayList;
import java.util.List;

/** What the monitor's operators write for a log, with settings of the test's choice. */
public final class MonitorRecords {

    private MonitorRecords() {}

    /** Keeps a baseline where the operators find it; returns its id. */
    public static String keep(ModelBaseline baseline) {
        return MemoryBaselines.add(baseline);
    }

    /** Panes of the chain, calm ones first, under a baseline. */
    public static List<ShardRecord> chain(int shards, String baselineId, int calm, int drifted) {
        return new ChainLog(shards)
                .activate(baselineId)
                .panes(calm, new ChainModel())
                .panes(drifted, new ChainModel().driftInput(2))
                .records();
    }

    /**
     * All records of both operators.
     *
     * @param settings as {@code key=value}, on top of those of the operators' own tests
     */
    public static List<OutputRecord> of(List<ShardRecord> log, int shards, String... settings)
            throws Exception {
        MonitorConfig config = Harnesses.config(shards, settings);
        List<OutputRecord> all = new ArrayList<>(Harnesses.output(config, log));
        all.addAll(Harnesses.records(config, log));
        return all;
    }
}
