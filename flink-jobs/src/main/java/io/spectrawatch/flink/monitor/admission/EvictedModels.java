package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import java.util.TreeMap;

/**
 * The models whose place one shard gave to another one, by the open pane that the other began with.
 * In each pane as many as there are places at most: a new model is not idle.
 */
public final class EvictedModels {

    private final int shard;
    private final TreeMap<Pane, TreeMap<ModelKey, EvictionSummary>> panes = new TreeMap<>();
    private boolean dirty;

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
        put(new EvictionSummary(shard, pane, model, lastPaneEnd, by));
        dirty = true;
    }

    private void put(EvictionSummary each) {
        panes.computeIfAbsent(each.pane(), p -> new TreeMap<>()).put(each.model(), each);
    }

    /** Sends what is known of the panes that close; each is one that a model has open. */
    public void close(ShardClock clock, ChunkedState state, ShardOutput out) throws Exception {
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            for (EvictionSummary each : panes.pollFirstEntry().getValue().values()) {
                out.evicted(each);
                state.remove(each.stateName());
            }
        }
    }

    public void store(ChunkedState state) throws Exception {
        if (!dirty) {
            return;
        }
        for (TreeMap<ModelKey, EvictionSummary> models : panes.values()) {
            for (EvictionSummary each : models.values()) {
                state.put(each.stateName(), each.toBytes());
            }
        }
        dirty = false;
    }

    /** Takes one out of state. */
    public void restore(EvictionSummary stored) {
        put(stored);
    }
}
