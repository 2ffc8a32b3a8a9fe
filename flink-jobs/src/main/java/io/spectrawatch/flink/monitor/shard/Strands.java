package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.schemas.Layer;

/**
 * Which of some layers carry the same rows in one snapshot: those that do are a strand. Layers go
 * by their place in the group that interfaces link.
 */
final class Strands {

    private static final int NONE = -1;

    /** Layers of each interface. */
    private final int[] xOf;

    private final int[] yOf;

    /** Place of each layer in the snapshot, its strand; NONE for a layer that is absent. */
    private final int[] at;

    private final int[] strand;
    private int count;

    Strands(int layers, int[] xOf, int[] yOf) {
        this.xOf = xOf;
        this.yOf = yOf;
        this.at = new int[layers];
        this.strand = new int[layers];
    }

    /**
     * Begins with a snapshot.
     *
     * @param places of the layers in the snapshot, by their place in the baseline, negative for
     *     those that have no rows to enter
     * @param layers places of the group's layers in the baseline
     */
    void find(SnapshotRows rows, int[] places, int[] layers) {
        count = 0;
        for (int i = 0; i < at.length; i++) {
            at[i] = places[layers[i]];
            strand[i] = NONE;
        }
        for (int i = 0; i < at.length; i++) {
            if (at[i] >= 0 && strand[i] == NONE) {
                collect(rows, i);
                count++;
            }
        }
    }

    private void collect(SnapshotRows rows, int first) {
        Layer of = rows.layer(at[first]);
        for (int i = first; i < at.length; i++) {
            boolean free = at[i] >= 0 && strand[i] == NONE;
            if (free && rows.map().sameRows(of, rows.layer(at[i]))) {
                strand[i] = count;
            }
        }
    }

    /** Layers of the group. */
    int layers() {
        return at.length;
    }

    /** Strands of the snapshot. */
    int count() {
        return count;
    }

    /** Whether a strand has a layer. */
    boolean has(int one, int layer) {
        return strand[layer] == one;
    }

    /** Place in the snapshot of a layer that a strand has. */
    int at(int layer) {
        return at[layer];
    }

    /** Whether an interface joins two layers of a strand. */
    boolean joins(int one) {
        for (int i = 0; i < xOf.length; i++) {
            if (strand[xOf[i]] == one && strand[yOf[i]] == one) {
                return true;
            }
        }
        return false;
    }

    /** Whether one strand has all layers, so that every interface gets rows. */
    boolean isWhole() {
        for (int each : strand) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }
}
