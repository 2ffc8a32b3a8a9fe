package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import java.util.List;
import java.util.Map;

/**
 * Layers that interfaces link; every layer is projected once per block for the interfaces on both
 * sides of it.
 *
 * <p>The rows stay where they are, in the blocks of the layers' sketches. Pending are the last
 * {@code pending} rows of the blocks of those layers that carry the same rows, mostly all of them.
 * Before a block is sketched, and before other layers carry the same rows, what is pending goes
 * into the moments of the interfaces between them. While all snapshots pair throughout, the blocks
 * fill in step and a projection takes whole blocks; after one that does not, blocks are out of step
 * and a projection takes parts of them, which changes no moment beyond rounding.
 *
 * <pre>
 *   bytes  halves of the pending rows, one byte each
 *   int32  layers, then per layer int32 layer index, -1 where nothing is pending
 * </pre>
 */
final class PairedLayers {

    private final ModelBaseline baseline;
    private final int[] layers;
    private final int[] interfaces;

    /** Layers of each interface, by their place in this object. */
    private final int[] xOf;

    private final int[] yOf;
    private final Strands strands;
    private final InterfaceMoments[] moments;
    private final WindowRows[] windows;
    private final SampleHalves samples;
    private final byte[] halves;

    /** In whose blocks the pending rows lie; null for layers that carry other rows. */
    private final OpenLayer[] holders;

    private int pending;

    /** Halves of the rows that enter. */
    private byte[] entering;

    /**
     * @param layers places of the layers in the baseline
     * @param interfaces places of the interfaces that link them
     * @param moments of all interfaces of the baseline
     * @param windows of all layers of the baseline
     * @param samples to which halves the rows of the snapshot at hand belong
     */
    PairedLayers(
            ModelBaseline baseline,
            List<Integer> layers,
            List<Integer> interfaces,
            InterfaceMoments[] moments,
            WindowRows[] windows,
            SampleHalves samples,
            int blockRows) {
        this.baseline = baseline;
        this.layers = layers.stream().mapToInt(i -> i).toArray();
        this.interfaces = interfaces.stream().mapToInt(i -> i).toArray();
        this.xOf = new int[this.interfaces.length];
        this.yOf = new int[this.interfaces.length];
        for (int i = 0; i < this.interfaces.length; i++) {
            ModelInterface each = baseline.interfaces().get(this.interfaces[i]);
            xOf[i] = layers.indexOf(each.x());
            yOf[i] = layers.indexOf(each.y());
        }
        this.strands = new Strands(this.layers.length, xOf, yOf);
        this.moments = moments;
        this.windows = windows;
        this.samples = samples;
        this.halves = new byte[blockRows];
        this.holders = new OpenLayer[this.layers.length];
    }

    /** Places of the interfaces in the baseline, ascending. */
    int[] interfaces() {
        return interfaces;
    }

    /**
     * Finds which layers carry the same rows in a snapshot.
     *
     * @param places of the layers in the snapshot, by their place in the baseline, negative for
     *     those that have no rows to enter
     */
    void find(SnapshotRows rows, int[] places) {
        strands.find(rows, places, layers);
    }

    /** Which layers carry the same rows in the snapshot at hand. */
    Strands strands() {
        return strands;
    }

    /** Says that the rows of a strand come next. */
    void bind(SnapshotRows rows, int strand) {
        if (!isBound(rows, strand)) {
            readPending();
        }
        for (int i = 0; i < holders.length; i++) {
            holders[i] = holder(rows, strand, i);
            if (holders[i] != null) {
                entering = samples.of(rows.layer(strands.at(i)));
            }
        }
    }

    /** Whether no other layers carry the same rows, and none changed its place in the chain. */
    private boolean isBound(SnapshotRows rows, int strand) {
        for (int i = 0; i < holders.length; i++) {
            if (holders[i] != holder(rows, strand, i)) {
                return false;
            }
        }
        return true;
    }

    private OpenLayer holder(SnapshotRows rows, int strand, int layer) {
        return strands.has(strand, layer) ? rows.target(strands.at(layer)) : null;
    }

    /** Rows that may become pending before they have to be read. */
    int room() {
        return halves.length - pending;
    }

    /**
     * Says that rows of the strand enter the blocks: they become pending.
     *
     * @param from the first of them in the snapshot
     */
    void expect(int from, int rows) {
        System.arraycopy(entering, from, halves, pending, rows);
        pending += rows;
    }

    /** Projects what is pending of one layer, whose block may be emptied after that. */
    void read(int layer) {
        int from = holders[layer].block().rows() - pending;
        windows[layers[layer]].project(holders[layer].block(), from, pending, halves);
    }

    /** Takes what was read of all layers into the moments: nothing is pending any more. */
    void takeMoments() {
        for (int i = 0; i < interfaces.length; i++) {
            if (holders[xOf[i]] != null && holders[yOf[i]] != null) {
                moments[interfaces[i]].update(windows[layers[xOf[i]]], windows[layers[yOf[i]]]);
            }
        }
        pending = 0;
    }

    /** Takes what is pending into the moments; to be done before blocks grow in another way. */
    void readPending() {
        if (pending == 0) {
            return;
        }
        for (int i = 0; i < holders.length; i++) {
            if (holders[i] != null) {
                read(i);
            }
        }
        takeMoments();
    }

    void write(ByteWriter out) {
        byte[] held = new byte[pending];
        System.arraycopy(halves, 0, held, 0, pending);
        out.bytes(held).int32(layers.length);
        for (OpenLayer holder : holders) {
            out.int32(pending == 0 || holder == null ? -1 : holder.part().index());
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param open the layers of the pane
     */
    void restore(ByteReader in, ModelKey model, Map<LayerId, OpenLayer> open) {
        byte[] held = in.bytes();
        int count = in.count(Integer.BYTES);
        if (count != layers.length || held.length > halves.length) {
            throw new IllegalStateException(
                    "paired layers: at most "
                            + halves.length
                            + " rows of "
                            + layers.length
                            + " layers expected, found "
                            + held.length
                            + " of "
                            + count);
        }
        System.arraycopy(held, 0, halves, 0, held.length);
        pending = held.length;
        for (int i = 0; i < count; i++) {
            int index = in.int32();
            if (pending > 0 && index >= 0) {
                LayerBaseline layer = baseline.layers().get(layers[i]);
                holders[i] = held(new LayerId(model, index, layer.name(), layer.columns()), open);
            }
        }
    }

    private static OpenLayer held(LayerId part, Map<LayerId, OpenLayer> open) {
        OpenLayer held = open.get(part);
        if (held == null) {
            throw new IllegalStateException(
                    "state of layer " + part.layer() + " at index " + part.index() + " is missing");
        }
        return held;
    }
}
