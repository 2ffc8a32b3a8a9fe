package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.log.LayerPairs;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All interfaces of a baseline in one open pane of one shard: their moments, in groups of layers
 * that interfaces link. A snapshot gives rows to an interface if both of its layers carry the same
 * rows ({@link LayerPairs}), as in calibration.
 *
 * <p>The moments of an interface are a state entry of their own:
 *
 * <pre>
 *   "SWIP", version 1
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   int32      place of the interface in the baseline
 *   bytes      moments, in their own versioned form
 * </pre>
 */
final class OpenInterface implements AutoCloseable {

    private static final int MAGIC = 0x53574950;
    private static final int VERSION = 1;
    private static final String WHAT = "interface pane";
    private static final String STATE_PREFIX = "interface/";
    private static final int FIXED_BYTES = 256;

    private final ModelInput input;
    private final ModelBaseline baseline;
    private final SubtaskKernels tools;
    private final InterfaceMoments[] moments;
    private final boolean[] dirty;
    private final List<PairedLayers> groups = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final SampleHalves halves;
    private final int[] layerAt;

    OpenInterface(ModelInput input, ModelBaseline baseline, SubtaskKernels tools) {
        this.input = input;
        this.baseline = baseline;
        this.tools = tools;
        int count = baseline.interfaces().size();
        this.moments = new InterfaceMoments[count];
        this.dirty = new boolean[count];
        this.halves = new SampleHalves(baseline.provenance().splitSeed());
        this.layerAt = new int[baseline.layers().size()];
        for (int i = 0; i < layerAt.length; i++) {
            places.put(baseline.layers().get(i).name(), i);
        }
        for (int i = 0; i < count; i++) {
            InterfaceBaseline certificate = baseline.interfaces().get(i).certificate();
            moments[i] = new InterfaceMoments(certificate.windowX(), certificate.windowY());
        }
        openGroups();
    }

    private void openGroups() {
        int[] group = new int[layerAt.length];
        Arrays.setAll(group, i -> i);
        // Labels only fall, so as many rounds as layers settle them.
        for (int round = 0; round < group.length; round++) {
            for (ModelInterface each : baseline.interfaces()) {
                int least = Math.min(group[each.x()], group[each.y()]);
                group[each.x()] = least;
                group[each.y()] = least;
            }
        }
        TreeMap<Integer, List<Integer>> interfaces = new TreeMap<>();
        for (int i = 0; i < moments.length; i++) {
            int of = group[baseline.interfaces().get(i).x()];
            interfaces.computeIfAbsent(of, g -> new ArrayList<>()).add(i);
        }
        WindowRows[] windows = tools.windows().take(baseline);
        interfaces.forEach(
                (label, linked) -> {
                    List<Integer> layers = new ArrayList<>();
                    for (int i = 0; i < group.length; i++) {
                        if (group[i] == label) {
                            layers.add(i);
                        }
                    }
                    int rows = tools.settings().blockRows().usual();
                    groups.add(
                            new PairedLayers(
                                    baseline, layers, linked, moments, windows, halves, rows));
                });
    }

    /** The moments of all interfaces: as they are, in state, and on their way. */
    MemoryCost cost() {
        long bytes = 0;
        for (InterfaceMoments each : moments) {
            bytes += each.toBytes().length;
        }
        return new MemoryCost(3 * bytes, 0);
    }

    /** Place of a layer in the baseline, null if it knows none of this name. */
    Integer place(String layer) {
        return places.get(layer);
    }

    /**
     * Finds which linked layers carry the same rows in a snapshot.
     *
     * @return whether every interface of the groups that the snapshot touches gets rows
     */
    boolean pair(ActivationSnapshot snapshot, SnapshotRows rows) {
        Arrays.fill(layerAt, -1);
        for (int i = 0; i < rows.size(); i++) {
            Integer place = rows.target(i) == null ? null : places.get(rows.layer(i).getName());
            if (place != null) {
                layerAt[place] = i;
            }
        }
        halves.next(snapshot, rows.map());
        boolean all = true;
        for (PairedLayers group : groups) {
            group.find(rows, layerAt);
            if (group.strands().count() > 0) {
                all &= group.strands().isWhole();
                markDirty(group);
            }
        }
        return all;
    }

    /** The layers that interfaces link, in their order. */
    List<PairedLayers> groups() {
        return groups;
    }

    private void markDirty(PairedLayers group) {
        for (int each : group.interfaces()) {
            dirty[each] = true;
        }
    }

    /** Takes what is pending into the moments. */
    void readPending() {
        groups.forEach(PairedLayers::readPending);
    }

    /** Sends the moments of interfaces that have rows. */
    void summarise(int shard, ShardOutput out) {
        for (int i = 0; i < moments.length; i++) {
            if (moments[i].rows() > 0) {
                out.moments(
                        new InterfaceSummary(
                                shard,
                                input.pane(),
                                input.model(),
                                input.baselineId(),
                                i,
                                tools.kernels().description(),
                                moments[i].toBytes()));
            }
        }
    }

    /** Writes the pending rows' halves. */
    void writeGroups(ByteWriter out) {
        out.int32(groups.size());
        groups.forEach(group -> group.write(out));
    }

    private String stateName(int index) {
        return StateNames.of(STATE_PREFIX, input.pane(), input.model(), Integer.toString(index));
    }

    void store(ChunkedState state) throws Exception {
        for (int i = 0; i < moments.length; i++) {
            if (dirty[i]) {
                state.put(stateName(i), parts(i));
                dirty[i] = false;
            }
        }
    }

    void remove(ChunkedState state) throws Exception {
        for (int i = 0; i < moments.length; i++) {
            state.remove(stateName(i));
        }
    }

    /** An entry, one array behind the other. */
    private byte[][] parts(int index) {
        byte[] held = moments[index].toBytes();
        ByteWriter head = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        input.model().write(input.pane().write(head)).text(input.baselineId()).int32(index);
        return new byte[][] {head.int32(held.length).toBytes(), held};
    }

    /**
     * Reads what {@link #writeGroups} and {@link #store} wrote.
     *
     * @param open the layers of the pane
     */
    void restore(ByteReader in, ChunkedState state, Map<LayerId, OpenLayer> open) throws Exception {
        int count = in.count(2 * Integer.BYTES);
        if (count != groups.size()) {
            throw new IllegalStateException(
                    "certificate pane: "
                            + groups.size()
                            + " groups of layers expected, found "
                            + count);
        }
        for (int i = 0; i < moments.length; i++) {
            byte[] bytes = state.get(stateName(i));
            if (bytes != null) {
                restore(i, bytes);
            }
        }
        groups.forEach(group -> group.restore(in, input.model(), open));
    }

    private void restore(int index, byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        Pane.read(in);
        ModelKey.read(in);
        in.optionalText();
        in.int32();
        InterfaceBaseline certificate = baseline.interfaces().get(index).certificate();
        moments[index] =
                InterfaceMoments.fromBytes(
                        in.bytes(), certificate.windowX(), certificate.windowY());
        in.end();
    }

    @Override
    public void close() {
        tools.windows().give(baseline);
    }
}
