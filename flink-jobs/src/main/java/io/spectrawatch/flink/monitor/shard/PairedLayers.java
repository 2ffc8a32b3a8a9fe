package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import java.util.List;

/**
 * Layers that interfaces link; every layer is projected once per block for the interfaces on both
 * sides of it.
 *
 * <p>The rows stay where they are, in the blocks of the layers' sketches. Pending are the last
 * {@code pending} rows of the blocks of those layers that carry the same rows, mostly all of them.
 * Before a block is flushed, and before other layers carry the same rows, what is pending goes into
 * the moments of the interfaces between them. While all snapshots pair throughout, the blocks fill
 * in step and a projection takes whole blocks; after one that does not, blocks are out of step and
 * a projection takes parts of them, which changes no moment beyond rounding.
 *
 * <pre>
 *   bytes  halves of the pending rows, one byte each
 *   int32  layers, then per layer int32 layer index, -1 where nothing is pending
 * </pre>
 */
final class PairedLayers {

    private final int[] layers;
    private final int[] interfaces;

    /** Layers of each interface, by their place in this object. */
    private final int[] xOf;

    private final int[] yOf;
    private final InterfaceMoments[] moments;
    private final WindowRows[] windows;
    private final byte[] halves;
    private final OpenLayer[] panes;
    private int pending;

    /**
     * @param layers places of the layers in the baseline
     * @param interfaces places of the interfaces that link them
     * @param moments of all interfaces of the baseline
     * @param windows of all layers of the baseline
     */
    PairedLayers(
            ModelBaseline baseline,
            List<Integer> layers,
            List<Integer> interfaces,
            InterfaceMoments[] moments,
            WindowRows[] windows,
            int blockRows) {
        this.layers = layers.stream().mapToInt(i -> i).toArray();
        this.interfaces = interfaces.stream().mapToInt(i -> i).toArray();
        this.xOf = new int[this.interfaces.length];
        this.yOf = new int[this.interfaces.length];
        for (int i = 0; i < this.interfaces.length; i++) {
            ModelInterface each = baseline.interfaces().get(this.interfaces[i]);
            xOf[i] = layers.indexOf(each.x());
            yOf[i] = layers.indexOf(each.y());
        }
        this.moments = moments;
        this.windows = windows;
        this.halves = new byte[blockRows];
        this.panes = new OpenLayer[this.layers.length];
    }

    /** Places of the layers in the baseline, ascending. */
    int[] layers() {
        return layers;
    }

    /** Places of the interfaces in the baseline, ascending. */
    int[] interfaces() {
        return interfaces;
    }

    /** Whether an interface joins two of some layers, given by their place in this object. */
    boolean links(boolean[] chosen) {
        for (int i = 0; i < interfaces.length; i++) {
            if (chosen[xOf[i]] && chosen[yOf[i]]) {
                return true;
            }
        }
        return false;
    }

    /** Whether every interface joins two layers that carry the same rows. */
    boolean linksAll(int[] classes) {
        for (int i = 0; i < interfaces.length; i++) {
            if (classes[xOf[i]] < 0 || classes[xOf[i]] != classes[yOf[i]]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Appends the same rows to some layers.
     *
     * @param sources the layers of the snapshot, in this object's order, null for those left out
     * @param targets where their rows go, null for those left out
     * @param half for each row the half its sample belongs to
     */
    void append(Layer[] sources, OpenLayer[] targets, byte[] half, int rows) {
        if (!boundTo(targets)) {
            project();
            System.arraycopy(targets, 0, panes, 0, panes.length);
        }
        int taken = 0;
        while (taken < rows) {
            int piece = Math.min(rows - taken, halves.length - pending);
            int least = Integer.MAX_VALUE;
            for (OpenLayer pane : panes) {
                least = pane == null ? least : Math.min(least, pane.room());
            }
            piece = Math.min(piece, least);
            System.arraycopy(half, taken, halves, pending, piece);
            pending += piece;
            boolean full = pending == halves.length || piece == least;
            for (int i = 0; i < panes.length; i++) {
                if (panes[i] == null) {
                    continue;
                }
                panes[i].append(sources[i], taken, piece);
                if (full) {
                    project(i);
                }
            }
            taken += piece;
            if (full) {
                takeMoments();
            }
        }
    }

    /** Other layers carry the same rows, or one changed its place in the chain. */
    private boolean boundTo(OpenLayer[] targets) {
        for (int i = 0; i < panes.length; i++) {
            if (panes[i] != targets[i]) {
                return false;
            }
        }
        return true;
    }

    /** Takes what is pending into the moments; to be done before blocks grow in another way. */
    void project() {
        if (pending == 0) {
            return;
        }
        for (int i = 0; i < layers.length; i++) {
            project(i);
        }
        takeMoments();
    }

    /**
     * Projects what is pending of one layer and, if its block is full, sketches it: while the rows
     * are still in the cache, and right after one another, so that they are converted once.
     */
    private void project(int i) {
        if (panes[i] == null) {
            return;
        }
        int from = panes[i].block().rows() - pending;
        windows[layers[i]].project(panes[i].block(), from, pending, halves);
        panes[i].flushIfFull();
    }

    private void takeMoments() {
        for (int i = 0; i < interfaces.length; i++) {
            if (panes[xOf[i]] != null && panes[yOf[i]] != null) {
                moments[interfaces[i]].update(windows[layers[xOf[i]]], windows[layers[yOf[i]]]);
            }
        }
        pending = 0;
    }

    void write(ByteWriter out) {
        byte[] held = new byte[pending];
        System.arraycopy(halves, 0, held, 0, pending);
        out.bytes(held).int32(layers.length);
        for (OpenLayer pane : panes) {
            out.int32(pending == 0 || pane == null ? -1 : pane.part().index());
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @return per layer its index in the chain, for {@link #bind}, -1 for those without; null where
     *     nothing is pending
     */
    int[] read(ByteReader in) {
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
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = in.int32();
        }
        System.arraycopy(held, 0, halves, 0, held.length);
        pending = held.length;
        return pending == 0 ? null : indices;
    }

    /** Says in which panes the pending rows lie. */
    void bind(OpenLayer[] holders) {
        System.arraycopy(holders, 0, panes, 0, panes.length);
    }
}
