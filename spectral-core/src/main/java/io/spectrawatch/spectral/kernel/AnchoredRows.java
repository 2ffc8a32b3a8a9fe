package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/**
 * The rows taken about an anchor last, and what they were made from: a layer's window and its
 * sketch, one after the other, want the same ones.
 *
 * <p>Made from an equal anchor and the same rows of an unchanged block they are the same bits, so
 * whether they are made again shows in no result.
 */
final class AnchoredRows {
    private RowBlock block;
    private long changes;
    private int from;
    private int count;

    /** A copy: the buffer it came in may belong to someone else by now. */
    private DoubleBuffer anchor = Workspace.allocate(0);

    private DoubleBuffer rows;
    private boolean complete;

    boolean holds(RowBlock wanted, int wantedFrom, int wantedCount, DoubleBuffer wantedAnchor) {
        return complete
                && wanted == block
                && wanted.changes() == changes
                && wantedFrom == from
                && wantedCount == count
                && wantedAnchor.equals(anchor);
    }

    /** Notes what the rows are about to be made from and returns where they go. */
    DoubleBuffer start(
            Workspace workspace, RowBlock source, int first, int n, DoubleBuffer origin) {
        complete = false;
        int d = source.dimension();
        block = source;
        changes = source.changes();
        from = first;
        count = n;
        if (anchor.capacity() != d) {
            anchor = Workspace.allocate(d);
        }
        anchor.put(0, origin, 0, d);
        rows = workspace.scratch(Role.ANCHORED, n * d);
        return rows;
    }

    void done() {
        complete = true;
    }

    DoubleBuffer rows() {
        return rows;
    }
}
