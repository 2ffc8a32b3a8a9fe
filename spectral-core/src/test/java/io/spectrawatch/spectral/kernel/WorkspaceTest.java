package io.spectrawatch.spectral.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.DoubleBuffer;
import org.junit.jupiter.api.Test;

class WorkspaceTest {

    @Test
    void bufferOfTheSameSizeComesBackZeroed() {
        Workspace workspace = new Workspace();
        DoubleBuffer first = workspace.take(10);
        first.put(3, 1.0);
        workspace.give(first);
        assertSame(first, workspace.take(10));
        assertEquals(0.0, first.get(3));
        assertEquals(80, workspace.takenBytes());
        assertEquals(0, workspace.pooledBytes());
    }

    /** A client that sends ever new widths must not fill the memory with buffers nobody wants. */
    @Test
    void everNewSizesStayWithinTheLimit() {
        Workspace workspace = new Workspace();
        workspace.limit(80_000);
        DoubleBuffer kept = workspace.take(1000);
        for (int size = 1; size < 2000; size++) {
            workspace.give(workspace.take(size));
            assertTrue(workspace.takenBytes() + workspace.pooledBytes() <= 80_000, "size " + size);
        }
        assertEquals(8000, workspace.takenBytes());
        workspace.give(kept);
        assertSame(kept, workspace.take(1000));
        // What the caller needs beyond it is given all the same.
        assertNotSame(kept, workspace.take(1_000_000));
    }
}
