package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.monitor.admission.LayerPlan.Wanted;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary.Unwatched;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which layers of a model are watched in one open pane of one shard, and how: those of its first
 * snapshot are planned together, later ones with what is left. A layer that is left out stays out
 * for the pane, so that no sketch holds a part of its rows without a word.
 */
public final class LayerAdmission {

    /** Layers that are named; of further ones only the number is known, and none is admitted. */
    private static final int MOST_NAMED = 1024;

    private final ModelInput input;
    private final int shard;
    private final SketchSettings settings;
    private final TreeMap<LayerId, Long> left = new TreeMap<>();

    /** Those left out by what makes them the same layer, whatever their index in a snapshot. */
    private final Map<LayerId.Name, LayerId> names = new HashMap<>();

    private MemoryCost share;
    private long further;
    private boolean dirty;

    /**
     * @param share what the model may take in this pane and shard
     */
    public LayerAdmission(ModelInput input, int shard, MemoryCost share, SketchSettings settings) {
        this.input = input;
        this.shard = shard;
        this.share = share;
        this.settings = settings;
    }

    /**
     * Takes from the share what does not depend on which layers come, half of it at most: a model
     * that is judged is watched as well.
     */
    public void reserve(MemoryCost cost) {
        MemoryCost half = share.half();
        share = share.minus(cost.atMost(half));
    }

    /** Whether a layer was left out before; counts its rows if so. */
    public boolean isLeftOut(LayerId part, int rows) {
        LayerId known = names.get(part.name());
        if (known == null) {
            return false;
        }
        left.merge(known, (long) rows, Long::sum);
        dirty = true;
        return true;
    }

    /**
     * Decides about layers that are neither open nor left out yet.
     *
     * @param rows of each of them in the snapshot
     * @param judged whether the baseline in force has it
     * @return per layer how it is kept, null for one that is left out
     */
    public List<SketchOptions> decide(
            List<LayerId> parts, List<Integer> rows, List<Boolean> judged) {
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            LayerId part = parts.get(i);
            wanted.add(new Wanted(part.layer(), part.columns(), judged.get(i)));
        }
        MemoryCost free = further > 0 ? MemoryCost.NONE : share;
        List<SketchOptions> chosen = LayerPlan.of(wanted, free, settings);
        for (int i = 0; i < parts.size(); i++) {
            if (chosen.get(i) == null) {
                leaveOut(parts.get(i), rows.get(i));
            } else {
                took(chosen.get(i), parts.get(i).columns());
            }
        }
        return chosen;
    }

    private void leaveOut(LayerId part, int rows) {
        if (left.size() < MOST_NAMED) {
            note(part, rows);
        } else {
            further++;
        }
        dirty = true;
    }

    private void note(LayerId part, long rows) {
        left.put(part, rows);
        names.put(part.name(), part);
    }

    /** Notes a layer that was opened, also one from state. */
    public void took(SketchOptions options, int columns) {
        share = share.minus(MemoryCost.of(options, columns));
    }

    /** Layers left out. */
    public long leftOut() {
        return left.size() + further;
    }

    public UnwatchedSummary summary() {
        List<Unwatched> layers = new ArrayList<>();
        left.forEach(
                (part, rows) ->
                        layers.add(
                                new Unwatched(part.index(), part.layer(), part.columns(), rows)));
        return new UnwatchedSummary(shard, input.pane(), input.model(), null, 0, further, layers);
    }

    public void store(ChunkedState state) throws Exception {
        if (dirty) {
            state.put(UnwatchedSummary.stateName(input.pane(), input.model()), summary().toBytes());
            dirty = false;
        }
    }

    /** Goes on from state. */
    public void restore(UnwatchedSummary stored) {
        for (Unwatched each : stored.layers()) {
            note(
                    new LayerId(input.model(), each.index(), each.layer(), each.columns()),
                    each.rows());
        }
        further = stored.further();
    }

    /** Removes what may lie in state. */
    public static void remove(ModelInput input, ChunkedState state) throws Exception {
        state.remove(UnwatchedSummary.stateName(input.pane(), input.model()));
    }
}
