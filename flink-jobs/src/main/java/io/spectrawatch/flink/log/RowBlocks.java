package io.spectrawatch.flink.log;

import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Row blocks to reuse, by width. Their direct memory is only freed by the garbage collector, which
 * does not see its size, so panes hand their blocks on instead of dropping them.
 */
public final class RowBlocks {

    private final int rows;
    private final Map<Integer, Deque<RowBlock>> idle = new HashMap<>();

    /**
     * @param rows capacity of every block
     */
    public RowBlocks(int rows) {
        this.rows = rows;
    }

    /** An empty block. */
    public RowBlock take(int columns) {
        Deque<RowBlock> blocks = idle.get(columns);
        return blocks == null || blocks.isEmpty()
                ? new RowBlock(rows, columns)
                : blocks.removeLast();
    }

    /** Keeps a block for later. */
    public void give(RowBlock block) {
        block.clear();
        idle.computeIfAbsent(block.dimension(), d -> new ArrayDeque<>()).addLast(block);
    }
}
