package io.spectrawatch.flink.monitor.config;

import java.io.Serializable;

/**
 * Which part of the budget each model has in each of its panes: a function of the settings and of
 * the times that ticks tell, the same on every shard and in every replay, whatever other models do.
 *
 * <p>Worst case is what counts: all models are there, all shards in one process, and every shard
 * holds as many panes as its clock lets it.
 *
 * @param budget of the whole job
 * @param models most models watched at a time
 * @param idlePanes panes without data after which a model gives its place to another one
 * @param shards of the log
 * @param skewMicros how far ahead of the log's time a pane may begin
 * @param driftMicros how far one shard may be read ahead of another one
 */
public record MemoryShares(
        MemoryBudget budget,
        int models,
        int idlePanes,
        int shards,
        long skewMicros,
        long driftMicros)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The largest layer may take this part of the budget as scratch, which is not shared out. */
    static final int SCRATCH_PART = 4;

    /** Panes of one model that a shard can have open at once. */
    public int openPanes(long paneMicros, long latenessMicros) {
        long panes = 2 + (latenessMicros + skewMicros) / paneMicros;
        return (int) Math.min(panes, Integer.MAX_VALUE);
    }

    /** Panes that wait at the merge for a shard that is read later than others. */
    private long waitingPanes(long paneMicros) {
        return (driftMicros + paneMicros - 1) / paneMicros;
    }

    /** What one model may take in one open pane of one shard. */
    public MemoryCost ofPane(long paneMicros, long latenessMicros) {
        if (budget.isUnlimited()) {
            return new MemoryCost(Long.MAX_VALUE, Long.MAX_VALUE);
        }
        double open = openPanes(paneMicros, latenessMicros);
        double held = open + waitingPanes(paneMicros);
        double each = (double) models * shards;
        double offHeap = (double) budget.offHeap() / SCRATCH_PART * (SCRATCH_PART - 1);
        return new MemoryCost(
                (long) (budget.heap() / (each * held)), (long) (offHeap / (each * open)));
    }

    /** The most scratch that one layer may need, which bounds how wide an exact moment may be. */
    public long scratch() {
        return budget.offHeap() / SCRATCH_PART;
    }
}
