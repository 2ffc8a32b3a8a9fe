package io.spectrawatch.spectral.sketch;

/**
 * How a layer's second moment is sketched.
 *
 * @param kind EXACT, FREQUENT_DIRECTIONS or AUTO
 * @param sketchRows l, directions kept
 * @param blockRows rows a caller should gather before an update; l is a good choice
 * @param alpha share of the directions that shrink, in [0, 1]; 0 is plain truncation
 * @param exactMemoryBytes largest d x d moment AUTO may keep
 */
public record SketchOptions(
        SketchKind kind, int sketchRows, int blockRows, double alpha, long exactMemoryBytes) {
    /**
     * Measured crossover: below 24 l the full moment is faster than the sketch as well as exact.
     */
    static final int EXACT_DIMENSION_PER_ROW = 24;

    /** Checks the ranges. */
    public SketchOptions {
        if (kind == null) {
            throw new IllegalArgumentException("sketch kind: required");
        }
        require(sketchRows >= 1, "sketch rows: at least 1, found " + sketchRows);
        require(blockRows >= 1, "block rows: at least 1, found " + blockRows);
        require(alpha >= 0 && alpha <= 1, "alpha: between 0 and 1, found " + alpha);
        require(exactMemoryBytes >= 0, "exact memory: at least 0 bytes, found " + exactMemoryBytes);
    }

    /** Returns AUTO, 64 sketch rows, blocks of 64, alpha 0.5, exact moments up to 64 MiB. */
    public static SketchOptions defaults() {
        return new SketchOptions(SketchKind.AUTO, 64, 64, 0.5, 64L << 20);
    }

    /** Returns a copy with another kind. */
    public SketchOptions withKind(SketchKind value) {
        return new SketchOptions(value, sketchRows, blockRows, alpha, exactMemoryBytes);
    }

    /** Returns a copy with another number of directions. */
    public SketchOptions withSketchRows(int value) {
        return new SketchOptions(kind, value, blockRows, alpha, exactMemoryBytes);
    }

    /** Returns a copy with another block size. */
    public SketchOptions withBlockRows(int value) {
        return new SketchOptions(kind, sketchRows, value, alpha, exactMemoryBytes);
    }

    /** Returns a copy with another share of shrinking directions. */
    public SketchOptions withAlpha(double value) {
        return new SketchOptions(kind, sketchRows, blockRows, value, exactMemoryBytes);
    }

    /** Returns a copy with another memory cap. */
    public SketchOptions withExactMemoryBytes(long value) {
        return new SketchOptions(kind, sketchRows, blockRows, alpha, value);
    }

    /**
     * Returns the kind that AUTO stands for at a dimension: a fixed rule, so that a replay decides
     * alike.
     */
    public SketchKind resolve(int dimension) {
        if (kind != SketchKind.AUTO) {
            return kind;
        }
        boolean small = dimension <= (long) EXACT_DIMENSION_PER_ROW * sketchRows;
        boolean fits = (long) dimension * dimension * Double.BYTES <= exactMemoryBytes;
        return small && fits ? SketchKind.EXACT : SketchKind.FREQUENT_DIRECTIONS;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
