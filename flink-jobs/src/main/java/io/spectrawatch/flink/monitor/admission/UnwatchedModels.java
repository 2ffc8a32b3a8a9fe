package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import java.util.List;
import java.util.Map;

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
    private final PaneNotes<UnwatchedSummary> notes =
            new PaneNotes<>(
                    each -> UnwatchedSummary.stateName(each.pane(), each.model()),
                    UnwatchedSummary::toBytes);
    private long snapshots;

    public UnwatchedModels(int shard) {
        this.shard = shard;
    }

    /** Whether a model was not watched before in an open pane; counts a snapshot of it if so. */
    public boolean isKnown(Pane pane, ModelKey model) {
        UnwatchedSummary known = notes.of(pane).get(model);
        if (known != null) {
            count(known);
        }
        return known != null;
    }

    /** Notes the first snapshot of a model that is not watched in a pane. */
    public void add(Pane pane, ModelKey model, String reason) {
        Map<ModelKey, UnwatchedSummary> models = notes.of(pane);
        boolean named = models.size() < MOST_NAMED;
        ModelKey key = named ? model : FURTHER;
        UnwatchedSummary before = models.get(key);
        count(
                before != null
                        ? before
                        : new UnwatchedSummary(
                                shard,
                                pane,
                                key,
                                named ? reason : FURTHER_REASON,
                                0,
                                0,
                                List.of()));
    }

    private void count(UnwatchedSummary before) {
        notes.put(before.pane(), before.model(), before.plusSnapshot());
        snapshots++;
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
        return notes.close(clock, state, out::unwatched);
    }

    public void store(ChunkedState state) throws Exception {
        notes.store(state);
    }

    /** Takes one out of state. */
    public void restore(UnwatchedSummary stored) {
        notes.restore(stored.pane(), stored.model(), stored);
    }
}
