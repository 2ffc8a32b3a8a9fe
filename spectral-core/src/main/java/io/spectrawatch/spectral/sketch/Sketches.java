package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import java.util.List;

/** Creates and restores sketches. */
public final class Sketches {
    /** What one direct buffer of doubles holds. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE / Double.BYTES;

    private Sketches() {}

    /**
     * Creates an empty sketch that centres rows on their own mean.
     *
     * @param dimension d, width of a row
     * @param kernels arithmetic and scratch memory; must outlive the sketch
     * @throws IllegalArgumentException if the dimension is not positive or smaller than the sketch
     *     rows of a FREQUENT_DIRECTIONS sketch
     */
    public static SecondMomentSketch create(SketchOptions options, int dimension, Kernels kernels) {
        return create(options, dimension, kernels, null);
    }

    /**
     * Creates an empty sketch that subtracts a fixed anchor; its moment is plainly additive, so
     * block boundaries do not matter to an exact one.
     *
     * @throws IllegalArgumentException as above, or if the anchor has another dimension
     */
    public static SecondMomentSketch anchored(
            SketchOptions options, int dimension, Kernels kernels, Anchor anchor) {
        if (anchor.value().length != dimension) {
            throw new IllegalArgumentException(
                    "anchor "
                            + anchor.id()
                            + ": dimension "
                            + dimension
                            + " expected, found "
                            + anchor.value().length);
        }
        return create(options, dimension, kernels, anchor);
    }

    static CentredSketch create(
            SketchOptions options, int dimension, Kernels kernels, Anchor anchor) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension: at least 1, found " + dimension);
        }
        boolean exact = options.resolve(dimension) == SketchKind.EXACT;
        long elements = (long) (exact ? dimension : options.sketchRows()) * dimension;
        if (elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    "sketch: at most "
                            + MOST_ELEMENTS
                            + " numbers, found "
                            + elements
                            + " for dimension "
                            + dimension);
        }
        if (exact) {
            return new ExactMoment(options, dimension, kernels, anchor);
        }
        if (options.sketchRows() > dimension) {
            throw new IllegalArgumentException(
                    "sketch rows: at most the dimension "
                            + dimension
                            + ", found "
                            + options.sketchRows());
        }
        // Its own form has no place for what only an exact moment's products use.
        return new FrequentDirections(options.withRounding(0), dimension, kernels, anchor);
    }

    /**
     * Returns the kind of a sketch in its binary form, without restoring it.
     *
     * @throws SketchFormatException if the bytes do not begin as a sketch
     */
    public static SketchKind kindOf(byte[] bytes) {
        return SketchReader.kind(bytes);
    }

    /**
     * Returns binary forms whose sketches can be merged: the same ones where all have the same
     * probes, else without any. Shards that keep a layer otherwise, and state from before probes
     * were kept, come with other probes or none.
     *
     * @throws SketchFormatException if bytes are damaged or do not begin as a sketch
     */
    public static List<byte[]> ofEqualProbes(List<byte[]> sketches) {
        boolean equal = sketches.stream().map(SketchReader::probes).distinct().count() <= 1;
        return equal ? sketches : sketches.stream().map(SketchReader::withoutProbes).toList();
    }

    /**
     * Restores a sketch from {@link SecondMomentSketch#toBytes} or {@link SecondMomentSketch#seal};
     * the former continues bit for bit on equal kernels.
     *
     * @throws SketchFormatException if the bytes are damaged or of an unknown version or kind
     */
    public static SecondMomentSketch fromBytes(byte[] bytes, Kernels kernels) {
        return SketchReader.decode(bytes, kernels);
    }
}
