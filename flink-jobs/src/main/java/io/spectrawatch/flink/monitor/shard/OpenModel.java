package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.monitor.admission.LayerAdmission;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.score.OpenScores;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.sketch.Anchor;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One model in one open pane of one shard: what entered, its layers in their order, and what its
 * baseline makes of them.
 *
 * <p>The baseline is the one in force when the pane's first snapshot came: rows cannot be projected
 * afterwards. An activation that comes later is for the panes that begin later.
 */
public final class OpenModel implements AutoCloseable {

    static final String STATE_PREFIX = "model/";

    private final TreeMap<LayerId, OpenLayer> layers = new TreeMap<>();

    /** Where rows of a layer go, whatever its index in their snapshot. */
    private final Map<LayerId.Name, OpenLayer> byName = new HashMap<>();

    private final SubtaskKernels tools;
    private final LayerAdmission admission;
    private ModelInput input;
    private OpenInterfaces certificate;
    private OpenScores scoring;
    private boolean dirty;

    private OpenModel(ModelInput input, int shard, MemoryCost share, SubtaskKernels tools) {
        this.input = input;
        this.tools = tools;
        this.admission = new LayerAdmission(input, shard, share, tools.settings());
    }

    /**
     * Begins a pane.
     *
     * @param share what the model may take in this pane and shard
     */
    public static OpenModel open(
            ModelInput input, int shard, int shards, MemoryCost share, SubtaskKernels tools)
            throws InterruptedException {
        OpenModel opened = new OpenModel(input, shard, share, tools);
        if (input.baselineId() != null) {
            opened.certificate = OpenInterfaces.open(input, tools);
            opened.scoring = OpenScores.open(input, shard, tools);
            opened.reserve();
        }
        return opened;
    }

    /** Begins a pane from state; its layers and its certificates follow. */
    public static OpenModel restore(
            ModelInput input, int shard, MemoryCost share, SubtaskKernels tools) {
        return new OpenModel(input, shard, share, tools);
    }

    private void reserve() {
        MemoryCost judging = certificate.cost();
        admission.reserve(scoring == null ? judging : judging.plus(scoring.cost()));
    }

    /** Layers of this pane that are not watched. */
    long leftOut() {
        return admission.leftOut();
    }

    ModelInput input() {
        return input;
    }

    /** Takes a checked snapshot; layers without rows leave no trace. */
    public void append(ActivationSnapshot snapshot, ModelInput next) {
        List<Layer> all = snapshot.getLayers();
        OpenLayer[] targets = new OpenLayer[all.size()];
        boolean[] taken = new boolean[all.size()];
        openTargets(all, targets);
        if (certificate != null) {
            certificate.append(snapshot, targets, taken);
        }
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] != null && !taken[i]) {
                targets[i].append(all.get(i));
            }
        }
        if (scoring != null) {
            scoring.append(snapshot, next.lastOffset());
        }
        input = next;
        dirty = true;
    }

    /** Tells what a beat added to what the detector found. */
    void beat(long beat, ShardOutput out) {
        if (scoring != null) {
            scoring.beat(beat, out);
        }
    }

    /** Scores the samples that wait for a whole block. */
    void flush() {
        if (scoring != null) {
            scoring.flush();
        }
    }

    /** Finds where the rows of each layer go; null for those without rows and those left out. */
    private void openTargets(List<Layer> all, OpenLayer[] targets) {
        List<Integer> fresh = null;
        for (int i = 0; i < targets.length; i++) {
            Layer layer = all.get(i);
            if (layer.getRows() == 0) {
                continue;
            }
            targets[i] = byName.get(new LayerId.Name(layer.getName(), layer.getColumns()));
            if (targets[i] == null && !admission.isLeftOut(part(layer), layer.getRows())) {
                fresh = fresh == null ? new ArrayList<>() : fresh;
                fresh.add(i);
            }
        }
        if (fresh != null) {
            open(fresh, all, targets);
        }
    }

    private void open(List<Integer> fresh, List<Layer> all, OpenLayer[] targets) {
        List<LayerId> parts = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        List<Boolean> judged = new ArrayList<>();
        for (int i : fresh) {
            parts.add(part(all.get(i)));
            rows.add(all.get(i).getRows());
            judged.add(certificate != null && certificate.judges(all.get(i)));
        }
        List<SketchOptions> chosen = admission.decide(parts, rows, judged);
        for (int i = 0; i < parts.size(); i++) {
            if (chosen.get(i) != null) {
                Layer layer = all.get(fresh.get(i));
                Anchor anchor = certificate == null ? null : certificate.anchor(layer);
                OpenLayer open =
                        new OpenLayer(input.pane(), parts.get(i), chosen.get(i), anchor, tools);
                hold(open);
                targets[fresh.get(i)] = open;
            }
        }
    }

    private LayerId part(Layer layer) {
        return new LayerId(input.model(), layer.getIndex(), layer.getName(), layer.getColumns());
    }

    /** Closes the pane: its certificates' moments and its layers' sketches go out. */
    void summarise(int shard, ShardOutput out) {
        // First, because a layer's summary empties the block that pending rows lie in.
        if (certificate != null) {
            certificate.summarise(shard, out);
        }
        for (OpenLayer layer : layers.values()) {
            out.part(layer.summarise(shard));
        }
        if (scoring != null) {
            scoring.summarise(out);
        }
        if (admission.leftOut() > 0) {
            out.unwatched(admission.summary());
        }
    }

    /**
     * Takes a layer, also out of restored state. There one may lie in two panes, because they were
     * told apart by its index; further rows go to the first of them.
     */
    public void adopt(OpenLayer layer) {
        hold(layer);
        admission.took(layer.options(), layer.part().columns());
    }

    private void hold(OpenLayer layer) {
        layers.put(layer.part(), layer);
        byName.merge(
                layer.part().name(),
                layer,
                (one, other) -> one.part().index() < other.part().index() ? one : other);
    }

    /** Takes out of restored state which layers are left out. */
    public void adopt(UnwatchedSummary unwatched) {
        admission.restore(unwatched);
    }

    /** Reads what the baseline made of the rows, once all layers are adopted. */
    public void restoreJudgement(ChunkedState state, int shards) throws Exception {
        if (input.baselineId() != null) {
            certificate = OpenInterfaces.restore(input, state, this::held, tools);
            scoring = OpenScores.restore(input, state, tools);
            reserve();
        }
    }

    private OpenLayer held(int index, String layer, int columns) {
        OpenLayer held = layers.get(new LayerId(input.model(), index, layer, columns));
        if (held == null) {
            throw new IllegalStateException(
                    "state of layer " + layer + " at index " + index + " is missing");
        }
        return held;
    }

    private String stateName() {
        return StateNames.of(STATE_PREFIX, input.pane(), input.model());
    }

    /** Writes what changed, each layer as its own entry. */
    public void store(ChunkedState state) throws Exception {
        if (dirty) {
            state.put(stateName(), input.toBytes());
            for (OpenLayer layer : layers.values()) {
                layer.store(state);
            }
            if (certificate != null) {
                certificate.store(state);
            }
            if (scoring != null) {
                scoring.store(state);
            }
            admission.store(state);
            dirty = false;
        }
    }

    void remove(ChunkedState state) throws Exception {
        state.remove(stateName());
        for (OpenLayer layer : layers.values()) {
            state.remove(layer.stateName());
        }
        if (certificate != null) {
            certificate.remove(state);
        }
        OpenScores.remove(input, state);
        LayerAdmission.remove(input, state);
    }

    @Override
    public void close() {
        layers.values().forEach(OpenLayer::close);
        if (certificate != null) {
            certificate.close();
        }
    }
}
