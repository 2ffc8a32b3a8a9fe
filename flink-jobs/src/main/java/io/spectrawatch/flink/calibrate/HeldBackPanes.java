package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.spectral.certificate.FrozenWindow;
import io.spectrawatch.spectral.certificate.InterfaceMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Held-back panes of one interface: each merged in shard order once all shards have closed it, then
 * joined in order of time to pools of the rows that a test needs at least.
 *
 * <p>Joining early keeps memory small: a pane of a minute may hold few rows and a day has 1,440.
 */
final class HeldBackPanes {

    private final FrozenWindow windowX;
    private final FrozenWindow windowY;
    private final long poolRows;
    private final TreeMap<Pane, TreeMap<Integer, byte[]>> open = new TreeMap<>();
    private final List<InterfaceMoments> pools = new ArrayList<>();
    private InterfaceMoments rest;
    private long rows;
    private int panes;

    HeldBackPanes(FrozenWindow windowX, FrozenWindow windowY, long poolRows) {
        this.windowX = windowX;
        this.windowY = windowY;
        this.poolRows = poolRows;
    }

    void add(Pane pane, int shard, byte[] moments) {
        open.computeIfAbsent(pane, p -> new TreeMap<>()).put(shard, moments);
    }

    /** Joins the panes that end by then. */
    void closeThrough(long time) {
        while (!open.isEmpty() && open.firstKey().end() <= time) {
            InterfaceMoments pane = merge(open.pollFirstEntry().getValue(), windowX, windowY);
            if (pane.rows() > 0) {
                join(pane);
            }
        }
    }

    private void join(InterfaceMoments pane) {
        rows += pane.rows();
        panes++;
        if (rest == null) {
            rest = pane;
        } else {
            rest.merge(pane);
        }
        if (rest.rows() >= poolRows) {
            pools.add(rest);
            rest = null;
        }
    }

    /** All pools; a short rest is left out. */
    List<InterfaceMoments> finish() {
        closeThrough(Long.MAX_VALUE);
        return pools;
    }

    long rows() {
        return rows;
    }

    int panes() {
        return panes;
    }

    /** Merges in shard order. */
    static InterfaceMoments merge(
            TreeMap<Integer, byte[]> byShard, FrozenWindow windowX, FrozenWindow windowY) {
        InterfaceMoments merged = null;
        for (byte[] bytes : byShard.values()) {
            InterfaceMoments next = InterfaceMoments.fromBytes(bytes, windowX, windowY);
            if (merged == null) {
                merged = next;
            } else {
                merged.merge(next);
            }
        }
        return merged;
    }
}
