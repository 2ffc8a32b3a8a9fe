package io.spectrawatch.flink.calibrate.moment;

import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Held-back panes of one interface: each merged in shard order once all shards have closed it;
 * consecutive ones of few rows are then joined to a quarter of what a pool needs.
 *
 * <p>Joining keeps memory small: a pane of a minute may hold few rows and a day has 1,440. Pools
 * are drawn from what is left, so it stays well below a pool.
 */
final class HeldBackPanes {

    private static final int PARTS_OF_A_POOL = 4;

    private final FrozenWindow windowX;
    private final FrozenWindow windowY;
    private final long leastRows;
    private final TreeMap<Pane, TreeMap<Integer, byte[]>> open = new TreeMap<>();
    private final List<InterfaceMoments> joined = new ArrayList<>();
    private InterfaceMoments rest;
    private long rows;
    private int panes;

    HeldBackPanes(FrozenWindow windowX, FrozenWindow windowY, long poolRows) {
        this.windowX = windowX;
        this.windowY = windowY;
        this.leastRows = poolRows / PARTS_OF_A_POOL;
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
        if (rest.rows() >= leastRows) {
            joined.add(rest);
            rest = null;
        }
    }

    /** All panes, joined where they are small; a short rest is left out. */
    List<InterfaceMoments> finish() {
        closeThrough(Long.MAX_VALUE);
        return joined;
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
