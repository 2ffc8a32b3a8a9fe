package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.log.SegmentPieces.Piece;
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
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One model in one open pane of one shard: what entered, its layers in their order, and what its
 * baseline makes of them.
 *
 * <p>The baseline is the one in force when the pane's first snapshot came: rows cannot be projected
 * afterwards. An activation that comes later is for the panes that begin later.
 */
public final class OpenModel implements AutoCloseable {

    private static final String STATE_PREFIX = "model/";

    private final TreeMap<LayerId, OpenLayer> layers = new TreeMap<>();

    /** Where rows of a layer go, whatever its index in their snapshot. */
    private final Map<LayerId.Name, OpenLayer> byName = new HashMap<>();

    private final SnapshotRows rows = new SnapshotRows();
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
            ModelInput input, int shard, MemoryCost share, SubtaskKernels tools)
            throws InterruptedException {
        OpenModel opened = new OpenModel(input, shard, share, tools);
        if (input.baselineId() != null) {
            opened.certificate = OpenInterfaces.open(input, tools);
            opened.scoring = OpenScores.open(input, shard, tools);
            opened.reserve();
        }
        return opened;
    }

    /**
     * Begins a pane from state.
     *
     * @param names of the state's entries, of this pane and others
     * @throws IllegalStateException if an entry is missing or of an unknown form
     */
    public static OpenModel restore(
            ModelInput input,
            int shard,
            MemoryCost share,
            ChunkedState state,
            NavigableSet<String> names,
            SubtaskKernels tools)
            throws Exception {
        OpenModel restored = new OpenModel(input, shard, share, tools);
        try {
            restored.restore(state, names);
        } catch (Exception e) {
            restored.close();
            throw e;
        }
        return restored;
    }

    private void restore(ChunkedState state, NavigableSet<String> names) throws Exception {
        byte[] left = state.get(UnwatchedSummary.stateName(input.pane(), input.model()));
        if (left != null) {
            admission.restore(UnwatchedSummary.fromBytes(left));
        }
        String own = StateNames.of(OpenLayer.STATE_PREFIX, input.pane(), input.model()) + "/";
        for (String name : names.tailSet(own)) {
            if (!name.startsWith(own)) {
                break;
            }
            OpenLayer layer = OpenLayer.fromBytes(state.get(name), tools);
            hold(layer);
            if (!layer.stateName().equals(name)) {
                throw new IllegalStateException(
                        "state " + name + " is that of " + layer.stateName());
            }
            admission.took(layer.options(), layer.part().columns());
        }
        if (input.baselineId() != null) {
            certificate = OpenInterfaces.restore(input, state, layers, tools);
            scoring = OpenScores.restore(input, state, tools);
            reserve();
        }
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

    /**
     * Takes samples of a checked snapshot; layers without rows leave no trace. Samples are scored
     * from the snapshot, not from blocks: a sample's rows belong together, in whatever blocks they
     * lie, also in those of layers that are left out.
     *
     * @param others the model's other open panes, in which samples may have begun that go on here
     * @param cut whether they may also have begun in panes that a replay does not know
     */
    public void append(Piece piece, ModelInput next, List<OpenModel> others, boolean cut) {
        ActivationSnapshot snapshot = piece.snapshot();
        rows.begin(snapshot, piece.map());
        findTargets();
        if (certificate != null) {
            for (PairedLayers group : certificate.pair(snapshot, rows)) {
                rows.enter(group);
            }
        }
        rows.enterOthers();
        score(piece, next.lastOffset(), others, cut);
        input = next;
        dirty = true;
    }

    private void score(Piece piece, long offset, List<OpenModel> others, boolean cut) {
        List<OpenScores> elsewhere = List.of();
        if (!others.isEmpty()) {
            elsewhere = others.stream().map(each -> each.scoring).filter(Objects::nonNull).toList();
            others.forEach(each -> each.dirty = true);
        }
        if (scoring != null) {
            scoring.append(piece, offset, elsewhere, cut);
        } else {
            OpenScores.join(piece, offset, elsewhere);
        }
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

    /** Finds where the rows of each layer go, but for those without rows and those left out. */
    private void findTargets() {
        List<Integer> fresh = null;
        for (int i = 0; i < rows.size(); i++) {
            Layer layer = rows.layer(i);
            if (layer.getRows() == 0) {
                continue;
            }
            OpenLayer open = byName.get(new LayerId.Name(layer.getName(), layer.getColumns()));
            if (open != null) {
                rows.to(i, open);
            } else if (!admission.isLeftOut(part(layer), layer.getRows())) {
                fresh = fresh == null ? new ArrayList<>() : fresh;
                fresh.add(i);
            }
        }
        if (fresh != null) {
            open(fresh);
        }
    }

    private void open(List<Integer> fresh) {
        List<LayerId> parts = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        List<Boolean> judged = new ArrayList<>();
        for (int i : fresh) {
            Layer layer = rows.layer(i);
            parts.add(part(layer));
            counts.add(layer.getRows());
            judged.add(certificate != null && certificate.judges(layer));
        }
        List<SketchOptions> chosen = admission.decide(parts, counts, judged);
        for (int i = 0; i < parts.size(); i++) {
            if (chosen.get(i) != null) {
                Layer layer = rows.layer(fresh.get(i));
                Anchor anchor = certificate == null ? null : certificate.anchor(layer);
                OpenLayer open =
                        new OpenLayer(input.pane(), parts.get(i), chosen.get(i), anchor, tools);
                hold(open);
                rows.to(fresh.get(i), open);
            }
        }
    }

    private LayerId part(Layer layer) {
        return new LayerId(input.model(), layer.getIndex(), layer.getName(), layer.getColumns());
    }

    /** Closes the pane: its certificates' moments and its layers' sketches go out. */
    void summarise(int shard, ShardOutput out) {
        endBlocks();
        if (certificate != null) {
            certificate.summarise(shard, out);
        }
        for (OpenLayer layer : layers.values()) {
            out.part(layer.summary(shard));
        }
        if (scoring != null) {
            scoring.summarise(out);
        }
        if (admission.leftOut() > 0) {
            out.unwatched(admission.summary());
        }
    }

    /** Whoever reads the blocks takes what lies in them, and then these are sketched. */
    private void endBlocks() {
        if (certificate != null) {
            certificate.readPending();
        }
        layers.values().forEach(OpenLayer::sketchPending);
    }

    /**
     * Takes a layer. In restored state one may lie in two panes, because they were told apart by
     * its index; further rows go to the first of them.
     */
    private void hold(OpenLayer layer) {
        layers.put(layer.part(), layer);
        byName.merge(
                layer.part().name(),
                layer,
                (one, other) -> one.part().index() < other.part().index() ? one : other);
    }

    static boolean isState(String name) {
        return name.startsWith(STATE_PREFIX);
    }

    /** The model's entry that another entry of its pane belongs to. */
    static String stateNameFor(String other) {
        return STATE_PREFIX + StateNames.placeOf(other);
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
