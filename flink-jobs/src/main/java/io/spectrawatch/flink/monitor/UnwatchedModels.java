package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.flink.log.ShardClock;
import java.util.List;
import java.util.TreeMap;

/** The models that one shard does not watch, with their snapshots, by open pane. */
final class UnwatchedModels {

    /** Models named in a pane; further ones are counted together. */
    private static final int MOST_NAMED = 64;

    /** Stands for further models, and for their versions. */
    private static final ModelKey FURTHER = new ModelKey("*", "*", "*");

    private static final String FURTHER_REASON =
            "more than "
                    + MOST_NAMED
                    + " models are not watched in this pane; these are the others";

    private final int shard;
    private final TreeMap<Pane, TreeMap<ModelKey, PaneUnwatched>> panes = new TreeMap<>();
    private boolean dirty;
    private long snapshots;

    UnwatchedModels(int shard) {
        this.shard = shard;
    }

    /** Whether a model was not watched before in an open pane; counts a snapshot of it if so. */
    boolean isKnown(Pane pane, ModelKey model) {
        TreeMap<ModelKey, PaneUnwatched> models = panes.get(pane);
        if (models == null || !models.containsKey(model)) {
            return false;
        }
        count(models, model);
        return true;
    }

    /** Notes the first snapshot of a model that is not watched in a pane. */
    void add(Pane pane, ModelKey model, String reason) {
        TreeMap<ModelKey, PaneUnwatched> models = panes.computeIfAbsent(pane, p -> new TreeMap<>());
        boolean named = models.size() < MOST_NAMED;
        ModelKey key = named ? model : FURTHER;
        models.putIfAbsent(
                key,
                new PaneUnwatched(
                        shard, pane, key, named ? reason : FURTHER_REASON, 0, 0, List.of()));
        count(models, key);
    }

    private void count(TreeMap<ModelKey, PaneUnwatched> models, ModelKey model) {
        models.compute(model, (key, before) -> before.plusSnapshot());
        snapshots++;
        dirty = true;
    }

    /** Snapshots that were not watched since the process began. */
    long snapshots() {
        return snapshots;
    }

    /**
     * Sends what is known of the panes that close.
     *
     * @return end of the last of them, Long.MIN_VALUE for none
     */
    long close(ShardClock clock, ChunkedState state, ShardOutput out) throws Exception {
        long last = Long.MIN_VALUE;
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            var closing = panes.pollFirstEntry();
            last = closing.getKey().end();
            for (PaneUnwatched each : closing.getValue().values()) {
                out.unwatched(each);
                state.remove(PaneUnwatched.stateName(each.pane(), each.model()));
            }
        }
        return last;
    }

    void store(ChunkedState state) throws Exception {
        if (!dirty) {
            return;
        }
        for (TreeMap<ModelKey, PaneUnwatched> models : panes.values()) {
            for (PaneUnwatched each : models.values()) {
                state.put(PaneUnwatched.stateName(each.pane(), each.model()), each.toBytes());
            }
        }
        dirty = false;
    }

    /** Takes one out of state. */
    void restore(PaneUnwatched stored) {
        panes.computeIfAbsent(stored.pane(), p -> new TreeMap<>()).put(stored.model(), stored);
    }
}
