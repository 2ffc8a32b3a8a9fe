package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;

/**
 * The models whose place one shard gave to another one, by the open pane that the other began with.
 * In each pane as many as there are places at most: a new model is not idle.
 */
public final class EvictedModels {

    private final int shard;
    private final PaneNotes<EvictionSummary> notes =
            new PaneNotes<>(EvictionSummary::stateName, EvictionSummary::toBytes);

    public EvictedModels(int shard) {
        this.shard = shard;
    }

    /**
     * Notes that a model lost its place.
     *
     * @param pane that the other one begins with
     * @param lastPaneEnd of the model, microseconds
     */
    public void add(Pane pane, ModelKey model, long lastPaneEnd, ModelKey by) {
        notes.put(pane, model, new EvictionSummary(shard, pane, model, lastPaneEnd, by));
    }

    /** Sends what is known of the panes that close; each is one that a model has open. */
    public void close(ShardClock clock, ChunkedState state, ShardOutput out) throws Exception {
        notes.close(clock, state, out::evicted);
    }

    public void store(ChunkedState state) throws Exception {
        notes.store(state);
    }

    /** Takes one out of state. */
    public void restore(EvictionSummary stored) {
        notes.restore(stored.pane(), stored.model(), stored);
    }
}
