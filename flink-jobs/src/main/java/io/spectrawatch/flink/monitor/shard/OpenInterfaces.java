package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.monitor.baseline.BaselineTaps;
import io.spectrawatch.flink.monitor.baseline.Judgement;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.sketch.Anchor;
import java.util.List;
import java.util.Map;

/**
 * One model in one open pane of one shard as its baseline sees it: the moments of every interface,
 * and the rows that wait for a whole block.
 *
 * <p>A snapshot of other shapes than the baseline's ends the judgement of the pane, not the pane.
 *
 * <pre>
 *   "SWCP", version 1
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   int32      1 if the baseline judged the model when the pane began, else 0
 *   text       why it judges no longer, absent if it does
 *   int64      snapshots that gave some interface no rows
 *   int32      groups of linked layers, 0 if it judges no longer, each as PairedLayers draws it
 * </pre>
 */
final class OpenInterfaces implements AutoCloseable {

    private static final int MAGIC = 0x53574350;
    private static final int VERSION = 1;
    private static final String WHAT = "certificate pane";
    private static final String STATE_PREFIX = "certificate/";
    private static final int FIXED_BYTES = 512;

    private final Pane pane;
    private final ModelKey model;
    private final String baselineId;
    private final ModelBaseline baseline;
    private final OpenInterface interfaces;

    /** Null where there is no baseline. */
    private final BaselineTaps taps;

    private String refusal;
    private long unpaired;
    private boolean dirty;

    private OpenInterfaces(ModelInput input, ModelBaseline baseline, SubtaskKernels tools) {
        this.pane = input.pane();
        this.model = input.model();
        this.baselineId = input.baselineId();
        this.baseline = baseline;
        this.interfaces = baseline == null ? null : new OpenInterface(input, baseline, tools);
        this.taps = baseline == null ? null : new BaselineTaps(baseline);
    }

    /** Begins a pane that has a baseline. */
    static OpenInterfaces open(ModelInput input, SubtaskKernels tools) throws InterruptedException {
        Judgement judgement = tools.baselines().judge(input.baselineId(), input.model());
        ModelBaseline baseline = judgement.refused() ? null : judgement.baseline();
        OpenInterfaces opened = new OpenInterfaces(input, baseline, tools);
        opened.refusal = judgement.refusal();
        opened.dirty = true;
        return opened;
    }

    /** What the sketch of a layer subtracts from its rows; null for nothing. */
    Anchor anchor(Layer layer) {
        if (baseline == null) {
            return null;
        }
        for (LayerBaseline each : baseline.layers()) {
            if (each.name().equals(layer.getName()) && each.columns() == layer.getColumns()) {
                return new Anchor(baselineId, each.window().anchor());
            }
        }
        return null;
    }

    /** Whether the baseline has a layer of this name and width. */
    boolean judges(Layer layer) {
        Integer place = interfaces == null ? null : interfaces.place(layer.getName());
        return place != null && baseline.layers().get(place).columns() == layer.getColumns();
    }

    /** What the interfaces take whatever layers come. */
    MemoryCost cost() {
        return interfaces == null ? MemoryCost.NONE : interfaces.cost();
    }

    /**
     * Finds which layers of a snapshot enter their blocks in step.
     *
     * @param rows of the snapshot, with the layers they go to
     * @return the layers that interfaces link, which read each other's rows; none where the pane is
     *     not judged
     */
    List<PairedLayers> pair(ActivationSnapshot snapshot, SnapshotRows rows) {
        if (refusal != null) {
            return List.of();
        }
        dirty = true;
        refusal = mismatch(snapshot);
        if (refusal != null) {
            return List.of();
        }
        if (!interfaces.pair(snapshot, rows)) {
            unpaired++;
        }
        return interfaces.groups();
    }

    private String mismatch(ActivationSnapshot snapshot) {
        for (Layer layer : snapshot.getLayers()) {
            if (taps.contradict(layer)) {
                return baseline.tapMismatch(layer.getName(), layer.getTap()).orElseThrow();
            }
            Integer place = interfaces.place(layer.getName());
            if (place != null && baseline.layers().get(place).columns() != layer.getColumns()) {
                return baseline.mismatch(
                                model.model(),
                                model.version(),
                                model.digest(),
                                layer.getName(),
                                layer.getColumns())
                        .orElseThrow();
            }
        }
        return null;
    }

    /** Takes what is pending into the moments; to be done before the layers sketch it. */
    void readPending() {
        if (refusal == null) {
            interfaces.readPending();
        }
    }

    /** Sends the moments, and how the pane was judged. */
    void summarise(int shard, ShardOutput out) {
        if (refusal == null) {
            interfaces.summarise(shard, out);
        }
        out.judged(new JudgementSummary(shard, pane, model, baselineId, refusal, unpaired));
    }

    private String stateName() {
        return stateName(pane, model);
    }

    private static String stateName(Pane pane, ModelKey model) {
        return StateNames.of(STATE_PREFIX, pane, model);
    }

    /** Writes what changed, each interface as its own entry. */
    void store(ChunkedState state) throws Exception {
        if (!dirty) {
            return;
        }
        state.put(stateName(), toBytes());
        if (interfaces != null) {
            if (refusal == null) {
                interfaces.store(state);
            } else {
                interfaces.remove(state);
            }
        }
        dirty = false;
    }

    void remove(ChunkedState state) throws Exception {
        state.remove(stateName());
        if (interfaces != null) {
            interfaces.remove(state);
        }
    }

    byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        model.write(pane.write(out)).text(baselineId);
        out.int32(baseline == null ? 0 : 1).text(refusal).int64(unpaired);
        if (refusal == null) {
            interfaces.writeGroups(out);
        } else {
            out.int32(0);
        }
        return out.toBytes();
    }

    /**
     * Reads the entries of a pane.
     *
     * @param open the layers of the pane
     * @throws IllegalStateException if the state is missing or of an unknown form
     */
    static OpenInterfaces restore(
            ModelInput input,
            ChunkedState state,
            Map<LayerId, OpenLayer> open,
            SubtaskKernels tools)
            throws Exception {
        String name = stateName(input.pane(), input.model());
        byte[] bytes = state.get(name);
        if (bytes == null) {
            throw new IllegalStateException("state " + name + " is missing");
        }
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        Pane.read(in);
        ModelKey.read(in);
        in.optionalText();
        ModelBaseline baseline = null;
        if (in.int32() == 1) {
            Judgement judgement = tools.baselines().judge(input.baselineId(), input.model());
            if (judgement.refused()) {
                throw new IllegalStateException(
                        "state " + name + ": it judged before, " + judgement.refusal());
            }
            baseline = judgement.baseline();
        }
        OpenInterfaces restored = new OpenInterfaces(input, baseline, tools);
        restored.refusal = in.optionalText();
        restored.unpaired = in.int64();
        if (restored.refusal == null) {
            restored.interfaces.restore(in, state, open);
        } else {
            in.count(Integer.BYTES);
        }
        in.end();
        return restored;
    }

    @Override
    public void close() {
        if (interfaces != null) {
            interfaces.close();
        }
    }
}
