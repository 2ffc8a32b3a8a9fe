package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.tensor.RowBlock;

/**
 * Memory that the open state of one layer holds: its sketch and the block of rows that is being
 * filled for it. A pure function of the options and the width, so that every shard and every replay
 * budgets alike.
 *
 * <p>Not counted, because all layers of a thread share them: the kernels' scratch memory, one spare
 * state buffer per size, and the probe vectors. Closed layers' buffers stay in the pools for the
 * next ones.
 *
 * @param heapBytes most bytes of Java objects
 * @param nativeBytes bytes of direct buffers once rows have come, all of one element type
 * @param serialisedBytes most bytes of the binary forms of both, as checkpoints keep them; an
 *     anchor's id is not counted
 */
public record SketchFootprint(long heapBytes, long nativeBytes, long serialisedBytes) {
    /**
     * Objects of fixed size: two sketches' worth of headers, records and direct buffers' handles
     * with their cleaners, on a JVM without compressed references.
     */
    private static final long FIXED_HEAP = 4096;

    /** Widest element that rows arrive in. */
    private static final int ROW_ELEMENT_BYTES = Float.BYTES;

    /** Returns the footprint of an anchored layer, the larger one. */
    public static SketchFootprint of(SketchOptions options, int columns) {
        return of(options, columns, true);
    }

    /**
     * Returns the footprint of a layer.
     *
     * @param columns d, width of a row
     * @param anchored whether rows are centred on a fixed vector instead of their own mean
     */
    public static SketchFootprint of(SketchOptions options, int columns, boolean anchored) {
        boolean exact = options.resolve(columns) == SketchKind.EXACT;
        long d = columns;
        long vectors = 1 + (anchored ? 1 : 0) + options.probes();
        long moment = exact ? d * d : options.sketchRows() * d;
        long block = options.blockRows() * d;
        long scalars =
                exact ? 0 : options.sketchRows() + FrequentDirections.lossesKept(options, columns);
        long nativeBytes = (vectors * d + moment) * Double.BYTES + block * ROW_ELEMENT_BYTES;
        // The block's line of one row, and the anchor's own copy.
        long lines = d * (anchored ? 2 : 1);
        long heapBytes = FIXED_HEAP + (lines + scalars) * Double.BYTES;
        long state = exact ? d * (d + 1) / 2 : options.sketchRows() * d;
        long serialised =
                SketchCodec.FIXED_BYTES
                        + (vectors * d + scalars + state) * Double.BYTES
                        + block * Double.BYTES
                        + RowBlock.HEADER_BYTES;
        return new SketchFootprint(heapBytes, nativeBytes, serialised);
    }
}
