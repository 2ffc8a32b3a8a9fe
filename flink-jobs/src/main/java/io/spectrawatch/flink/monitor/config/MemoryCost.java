package io.spectrawatch.flink.monitor.config;

import io.spectrawatch.spectral.linalg.SingleProducts;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;

/**
 * Bytes that something takes, heap and native apart. Saturates instead of overflowing: what no
 * number can count fits no budget.
 */
public record MemoryCost(long heap, long offHeap) {

    public static final MemoryCost NONE = new MemoryCost(0, 0);

    /** Objects of a layer, its names in state and in messages, and the headers of its forms. */
    private static final long OBJECTS = 6 << 10;

    /** Native buffers have an object and at least a page's rounding each. */
    private static final long BUFFERS = 1 << 10;

    /** Dense d x d buffers beside the sketches while exact moments are merged and solved. */
    private static final int DENSE_SCRATCH = 6;

    /** The stack's Gram matrix and what its eigenproblem works in. */
    private static final int GRAM_SCRATCH = 4;

    /** Numbers per probe and column: the draw, two copies for the kernels and five on the heap. */
    private static final int PROBE_SCRATCH = 8;

    /**
     * One layer in one open pane of one shard, full: the working copy and a block of rows that came
     * in different element types, so that they are held as they arrived and in fp64; on the heap
     * the copy in state, which becomes the message to the merge.
     *
     * @param options of a kind other than AUTO
     */
    public static MemoryCost of(SketchOptions options, int columns) {
        double d = columns;
        double block = options.blockRows() * d;
        double rows = options.sketchRows() * d;
        boolean exact = options.kind() == SketchKind.EXACT;
        double held = exact ? d * d : rows;
        double stored = exact ? d * (d + 1) / 2 : rows;
        // Mean, anchor and the probes' products beside the state, on both sides.
        double products = 8 * options.probes() * d;
        double offHeap = 8 * held + 16 * d + products + 12 * block + BUFFERS;
        double heap = 8 * stored + 24 * d + products + 8 * block + OBJECTS;
        return new MemoryCost((long) heap, (long) offHeap);
    }

    /** The most scratch that filling, merging and describing such a layer needs, per subtask. */
    public static long scratch(SketchOptions options, int columns) {
        double d = columns;
        boolean exact = options.kind() == SketchKind.EXACT;
        double dense =
                exact
                        ? DENSE_SCRATCH * d * d
                        : 4.0 * options.sketchRows() * d + enlarged(options, d);
        // The probes themselves, and their images while the merged sketch is described.
        double probed = PROBE_SCRATCH * (double) options.probes() * d;
        return (long) (8 * (dense + probed) + (exact ? narrowed(options, columns) : 0));
    }

    /** Bytes for a block's rows in fp32 and their product, where products may be fp32. */
    private static double narrowed(SketchOptions options, int columns) {
        double d = columns;
        return SingleProducts.possible(options.rounding(), options.blockRows(), columns)
                ? Float.BYTES * (options.blockRows() * d + d * d)
                : 0;
    }

    /** Numbers that a block of more rows than the sketch needs while it is taken in. */
    private static double enlarged(SketchOptions options, double d) {
        double more = Math.max(0, options.blockRows() - options.sketchRows());
        double stacked = options.sketchRows() + options.blockRows();
        return more * (d + GRAM_SCRATCH * stacked);
    }

    public MemoryCost plus(MemoryCost other) {
        return new MemoryCost(sum(heap, other.heap), sum(offHeap, other.offHeap));
    }

    /** What is left after something is taken, at least nothing. */
    public MemoryCost minus(MemoryCost other) {
        return new MemoryCost(Math.max(0, heap - other.heap), Math.max(0, offHeap - other.offHeap));
    }

    public MemoryCost half() {
        return new MemoryCost(heap / 2, offHeap / 2);
    }

    public MemoryCost atMost(MemoryCost limit) {
        return new MemoryCost(Math.min(heap, limit.heap), Math.min(offHeap, limit.offHeap));
    }

    public boolean fits(MemoryCost limit) {
        return heap <= limit.heap && offHeap <= limit.offHeap;
    }

    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
