package io.spectrawatch.flink.log;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Row blocks to reuse, by capacity and width. Their direct memory is only freed by the garbage
 * collector, which does not see its size, so panes hand their blocks on instead of dropping them.
 * All idle ones are dropped when they pass a limit, so that ever new widths do not fill the memory.
 */
public final class RowBlocks {

    private final int rows;
    private final long most;
    private final Map<Shape, Deque<RowBlock>> idle = new HashMap<>();
    private long idleBytes;

    private record Shape(int rows, int columns) {}

    /**
     * Blocks without a limit.
     *
     * @param rows capacity of every block that does not ask for another
     */
    public RowBlocks(int rows) {
        this(rows, Long.MAX_VALUE);
    }

    /**
     * @param rows capacity of every block that does not ask for another
     * @param most bytes of idle blocks to keep
     */
    public RowBlocks(int rows, long most) {
        this.rows = rows;
        this.most = most;
    }

    /** An empty block. */
    public RowBlock take(int columns) {
        return take(rows, columns);
    }

    /** An empty block of its own capacity. */
    public RowBlock take(int capacity, int columns) {
        Deque<RowBlock> blocks = idle.get(new Shape(capacity, columns));
        if (blocks == null || blocks.isEmpty()) {
            return new RowBlock(capacity, columns);
        }
        RowBlock block = blocks.removeLast();
        idleBytes -= bytes(block);
        return block;
    }

    /** Keeps a block for later. */
    public void give(RowBlock block) {
        if (idleBytes + bytes(block) > most) {
            idle.clear();
            idleBytes = 0;
        }
        block.clear();
        idleBytes += bytes(block);
        idle.computeIfAbsent(
                        new Shape(block.capacity(), block.dimension()), s -> new ArrayDeque<>())
                .addLast(block);
    }

    /** As they arrived and in fp64. */
    private static long bytes(RowBlock block) {
        return (long) (Float.BYTES + Double.BYTES) * block.capacity() * block.dimension();
    }
}
