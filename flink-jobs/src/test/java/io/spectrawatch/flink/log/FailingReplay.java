package io.spectrawatch.flink.log;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.util.Collector;

/**
 * Replays a log by the numbers of a checkpointed sequence, and fails once after a completed
 * checkpoint and some more records.
 *
 * <p>Numbers [0, CUT) are records; then come idle numbers until a checkpoint that covers the cut is
 * complete; then the rest of the log, in whose middle it throws the first time it gets there. The
 * log is looked up in a static table by id, since functions travel by serialisation.
 */
public final class FailingReplay extends RichFlatMapFunction<Long, ShardRecord>
        implements CheckpointListener {

    private static final long serialVersionUID = 1L;

    /** Idle numbers: at a millisecond each more than any checkpoint takes. */
    private static final int IDLE = 120_000;

    private static final Map<String, List<ShardRecord>> LOGS = new ConcurrentHashMap<>();
    private static final Map<String, Integer> FAILURES = new ConcurrentHashMap<>();

    private final String id;
    private final int cut;
    private final int failAt;

    private transient boolean covered;
    private transient long reached;

    private FailingReplay(String id, int cut, int failAt) {
        this.id = id;
        this.cut = cut;
        this.failAt = failAt;
    }

    public static FailingReplay of(String id, List<ShardRecord> log) {
        LOGS.put(id, log);
        FAILURES.put(id, 0);
        return new FailingReplay(id, log.size() / 3, 2 * log.size() / 3);
    }

    /** Last number of the sequence that replays the log. */
    public long last() {
        return LOGS.get(id).size() + IDLE - 1L;
    }

    public static int failures(String id) {
        return FAILURES.get(id);
    }

    @Override
    public void flatMap(Long number, Collector<ShardRecord> out) throws Exception {
        reached = number;
        boolean failed = FAILURES.get(id) > 0;
        if (number < cut) {
            out.collect(LOGS.get(id).get(number.intValue()));
        } else if (number < cut + IDLE) {
            if (!covered && !failed) {
                Thread.sleep(1);
            }
        } else {
            int record = (int) (number - IDLE);
            if (record == failAt && !failed) {
                FAILURES.merge(id, 1, Integer::sum);
                throw new IllegalStateException("injected failure");
            }
            out.collect(LOGS.get(id).get(record));
        }
    }

    /** Every checkpoint that completes after the cut was reached in idle numbers may cover it. */
    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        covered = reached >= cut;
    }
}
