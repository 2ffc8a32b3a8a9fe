package io.spectrawatch.spectral.linalg;

import io.spectrawatch.spectral.kernel.Workspace;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The scratch memory of one scorer: matrices are carved from chunks that stay, and are given back
 * all at once, because freeing direct memory waits for the garbage collector.
 */
public final class Arena {
    private static final int CHUNK = 1 << 20;

    private final List<DoubleBuffer> chunks = new ArrayList<>();
    private int chunk;
    private int used;

    /** Returns {@code elements} doubles of undefined content, valid until the next reset. */
    DoubleBuffer take(int elements) {
        while (chunk < chunks.size() && chunks.get(chunk).capacity() - used < elements) {
            chunk++;
            used = 0;
        }
        if (chunk == chunks.size()) {
            chunks.add(Workspace.allocate(Math.max(CHUNK, elements)));
            used = 0;
        }
        DoubleBuffer taken = chunks.get(chunk).slice(used, elements);
        used += elements;
        return taken;
    }

    /** Gives everything back. */
    public void reset() {
        chunk = 0;
        used = 0;
    }
}
