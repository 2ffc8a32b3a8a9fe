package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.flink.log.ShardClock;
import java.util.TreeMap;

/**
 * The models whose place one shard gave to another one, by the open pane that the other began with.
 * In each pane as many as there are places at most: a new model is not idle.
 */
final class EvictedModels {

    private final int shard;
    private final TreeMap<Pane, TreeMap<ModelKey, PaneEvicted>> panes = new TreeMap<>();
    private boolean dirty;

    EvictedModels(int shard) {
        this.shard = shard;
    }

    /**
     * Notes that a model lost its place.
     *
     * @param pane that the other one begins with
     * @param lastPaneEnd of the model, microseconds
     */
    void add(Pane pane, ModelKey model, long lastPaneEnd, ModelKey by) {
        put(new PaneEvicted(shard, pane, model, lastPaneEnd, by));
        dirty = true;
    }

    private void put(PaneEvicted each) {
        panes.computeIfAbsent(each.pane(), p -> new TreeMap<>()).put(each.model(), each);
    }

    /** Sends what is known of the panes that close; each is one that a model has open. */
    void close(ShardClock clock, ChunkedState state, ShardOutput out) throws Exception {
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            for (PaneEvicted each : panes.pollFirstEntry().getValue().values()) {
                out.evicted(each);
                state.remove(each.stateName());
            }
        }
    }

    void store(ChunkedState state) throws Exception {
        if (!dirty) {
            return;
        }
        for (TreeMap<ModelKey, PaneEvicted> models : panes.values()) {
            for (PaneEvicted each : models.values()) {
                state.put(each.stateName(), each.toBytes());
            }
        }
        dirty = false;
    }

    /** Takes one out of state. */
    void restore(PaneEvicted stored) {
        put(stored);
    }
}
