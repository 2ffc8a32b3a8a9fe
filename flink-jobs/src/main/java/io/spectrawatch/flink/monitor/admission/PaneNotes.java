package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What one shard notes of models while a pane is open, sent when it closes.
 *
 * @param <T> of one model in one pane
 */
final class PaneNotes<T> {

    private final Function<T, String> stateName;
    private final Function<T, byte[]> form;
    private final TreeMap<Pane, TreeMap<ModelKey, T>> panes = new TreeMap<>();
    private boolean dirty;

    /**
     * @param stateName of the entry that holds one
     * @param form in which it is stored
     */
    PaneNotes(Function<T, String> stateName, Function<T, byte[]> form) {
        this.stateName = stateName;
        this.form = form;
    }

    /** What is noted of a pane, to be changed by {@link #put} alone. */
    Map<ModelKey, T> of(Pane pane) {
        Map<ModelKey, T> own = panes.get(pane);
        return own == null ? Map.of() : own;
    }

    void put(Pane pane, ModelKey model, T note) {
        restore(pane, model, note);
        dirty = true;
    }

    /** Takes one out of state. */
    void restore(Pane pane, ModelKey model, T note) {
        panes.computeIfAbsent(pane, p -> new TreeMap<>()).put(model, note);
    }

    /**
     * Sends what is noted of the panes that close.
     *
     * @return end of the last of them, Long.MIN_VALUE for none
     */
    long close(ShardClock clock, ChunkedState state, Consumer<T> out) throws Exception {
        long last = Long.MIN_VALUE;
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            Map.Entry<Pane, TreeMap<ModelKey, T>> closing = panes.pollFirstEntry();
            last = closing.getKey().end();
            for (T each : closing.getValue().values()) {
                out.accept(each);
                state.remove(stateName.apply(each));
            }
        }
        return last;
    }

    void store(ChunkedState state) throws Exception {
        if (!dirty) {
            return;
        }
        for (TreeMap<ModelKey, T> models : panes.values()) {
            for (T each : models.values()) {
                state.put(stateName.apply(each), form.apply(each));
            }
        }
        dirty = false;
    }
}
