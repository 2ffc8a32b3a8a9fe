package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import java.util.List;
import java.util.TreeMap;

/** The models that one shard does not watch, with their snapshots, by open pane. */
public final class UnwatchedModels {

    /** Models named in a pane; further ones are counted together. */
    private static final int MOST_NAMED = 64;

    /** Stands for further models, and for their versions. */
    private static final ModelKey FURTHER = new ModelKey("*", "*", "*");

    private static final String FURTHER_REASON =
            "more than "
                    + MOST_NAMED
                    + " models are not watched in this pane; these are the others";

    private final int shard;
    private final TreeMap<Pane, TreeMap<ModelKey, UnwatchedSummary>> panes = new TreeMap<>();
    private boolean dirty;
    private long snapshots;

    public UnwatchedModels(int shard) {
        this.shard = shard;
    }

    /** Whether a model was not watched before in an open pane; counts a snapshot of it if so. */
    public boolean isKnown(Pane pane, ModelKey model) {
        TreeMap<ModelKey, UnwatchedSummary> models = panes.get(pane);
        if (models == null || !models.containsKey(model)) {
            return false;
        }
        count(models, model);
        return true;
    }

    /** Notes the first snapshot of a model that is not watched in a pane. */
    public void add(Pane pane, ModelKey model, String reason) {
        TreeMap<ModelKey, UnwatchedSummary> models =
                panes.computeIfAbsent(pane, p -> new TreeMap<>());
        boolean named = models.size() < MOST_NAMED;
        ModelKey key = named ? model : FURTHER;
        models.putIfAbsent(
                key,
                new UnwatchedSummary(
                        shard, pane, key, named ? reason : FURTHER_REASON, 0, 0, List.of()));
        count(models, key);
    }

    private void count(TreeMap<ModelKey, UnwatchedSummary> models, ModelKey model) {
        models.compute(model, (key, before) -> before.plusSnapshot());
        snapshots++;
        dirty = true;
    }

    /** Snapshots that were not watched since the process began. */
    public long snapshots() {
        return snapshots;
    }

    /**
     * Sends what is known of the panes that close.
     *
     * @return end of the last of them, Long.MIN_VALUE for none
     */
    public long close(ShardClock clock, ChunkedState state, ShardOutput out) throws Exception {
        long last = Long.MIN_VALUE;
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            var closing = panes.pollFirstEntry();
            last = closing.getKey().end();
            for (UnwatchedSummary each : closing.getValue().values()) {
                out.unwatched(each);
                state.remove(UnwatchedSummary.stateName(each.pane(), each.model()));
            }
        }
        return last;
    }

    public void store(ChunkedState state) throws Exception {
        if (!dirty) {
            return;
        }
        for (TreeMap<ModelKey, UnwatchedSummary> models : panes.values()) {
            for (UnwatchedSummary each : models.values()) {
                state.put(UnwatchedSummary.stateName(each.pane(), each.model()), each.toBytes());
            }
        }
        dirty = false;
    }

    /** Takes one out of state. */
    public void restore(UnwatchedSummary stored) {
        panes.computeIfAbsent(stored.pane(), p -> new TreeMap<>()).put(stored.model(), stored);
    }
}
