package io.spectrawatch.spectral.sketch;

import java.util.function.Consumer;

/**
 * How a layer's second moment is sketched.
 *
 * @param kind EXACT, FREQUENT_DIRECTIONS or AUTO
 * @param sketchRows l, directions kept
 * @param blockRows rows a caller should gather before an update; between l and 2 l the rate hardly
 *     depends on it, and larger blocks shrink less often: at 2 l the certified error was measured a
 *     quarter lower than at l, for twice the buffer
 * @param alpha share of the directions that shrink, in [0, 1]; 0 is plain truncation
 * @param exactMemoryBytes largest d x d moment AUTO may keep
 * @param decay beta in (0, 1], the factor on everything before each update; 1 forgets nothing
 * @param probes Gaussian probe vectors that estimate the true error, 0 to 64; 8 to 16 are enough
 * @param probeSeed seed from which the probes are drawn again whenever they are needed
 * @param precision arithmetic of the products of a FREQUENT_DIRECTIONS sketch
 * @param rounding largest share of the energy that fp32 products of an EXACT moment may round by,
 *     by a rigorous bound that the ledger takes in; 0 is fp64 products. Blocks and widths for which
 *     fp32 would not pay have fp64 products all the same
 */
public record SketchOptions(
        SketchKind kind,
        int sketchRows,
        int blockRows,
        double alpha,
        long exactMemoryBytes,
        double decay,
        int probes,
        long probeSeed,
        Precision precision,
        double rounding) {
    /**
     * Measured crossover: below 24 l the full moment is faster than the sketch as well as exact.
     */
    static final int EXACT_DIMENSION_PER_ROW = 24;

    private static final int MOST_PROBES = 64;

    /** Beyond it a bound says little, and sums of fp32 products would be longer than blocks are. */
    private static final double MOST_ROUNDING = 1e-3;

    /** Checks the ranges. */
    public SketchOptions {
        require(kind != null, "sketch kind: required");
        require(sketchRows >= 1, "sketch rows: at least 1, found " + sketchRows);
        require(blockRows >= 1, "block rows: at least 1, found " + blockRows);
        require(alpha >= 0 && alpha <= 1, "alpha: between 0 and 1, found " + alpha);
        require(exactMemoryBytes >= 0, "exact memory: at least 0 bytes, found " + exactMemoryBytes);
        require(decay > 0 && decay <= 1, "decay: above 0 and at most 1, found " + decay);
        require(
                probes >= 0 && probes <= MOST_PROBES,
                "probes: 0 to " + MOST_PROBES + ", found " + probes);
        require(precision != null, "precision: required");
        require(
                rounding >= 0 && rounding <= MOST_ROUNDING,
                "rounding: 0 to " + MOST_ROUNDING + ", found " + rounding);
    }

    /** Creates options without decay and probes, in fp64. */
    public SketchOptions(
            SketchKind kind, int sketchRows, int blockRows, double alpha, long exactMemoryBytes) {
        this(kind, sketchRows, blockRows, alpha, exactMemoryBytes, 1, 0, 0, Precision.FP64, 0);
    }

    /** Returns AUTO, 64 sketch rows, blocks of 64, alpha 0.5, exact moments up to 64 MiB. */
    public static SketchOptions defaults() {
        return new SketchOptions(SketchKind.AUTO, 64, 64, 0.5, 64L << 20);
    }

    /** Returns a copy with another kind. */
    public SketchOptions withKind(SketchKind value) {
        return with(copy -> copy.kind = value);
    }

    /** Returns a copy with another number of directions. */
    public SketchOptions withSketchRows(int value) {
        return with(copy -> copy.sketchRows = value);
    }

    /** Returns a copy with another block size. */
    public SketchOptions withBlockRows(int value) {
        return with(copy -> copy.blockRows = value);
    }

    /** Returns a copy with another share of shrinking directions. */
    public SketchOptions withAlpha(double value) {
        return with(copy -> copy.alpha = value);
    }

    /** Returns a copy with another memory cap. */
    public SketchOptions withExactMemoryBytes(long value) {
        return with(copy -> copy.exactMemoryBytes = value);
    }

    /** Returns a copy with another decay. */
    public SketchOptions withDecay(double value) {
        return with(copy -> copy.decay = value);
    }

    /** Returns a copy with probe vectors. */
    public SketchOptions withProbes(int count, long seed) {
        return with(
                copy -> {
                    copy.probes = count;
                    copy.probeSeed = seed;
                });
    }

    /** Returns a copy with another arithmetic. */
    public SketchOptions withPrecision(Precision value) {
        return with(copy -> copy.precision = value);
    }

    /** Returns a copy with another share that fp32 products may round by. */
    public SketchOptions withRounding(double value) {
        return with(copy -> copy.rounding = value);
    }

    private SketchOptions with(Consumer<Draft> change) {
        Draft copy = new Draft(this);
        change.accept(copy);
        return copy.checked();
    }

    /** The options while some of them change, unchecked. */
    private static final class Draft {
        private SketchKind kind;
        private int sketchRows;
        private int blockRows;
        private double alpha;
        private long exactMemoryBytes;
        private double decay;
        private int probes;
        private long probeSeed;
        private Precision precision;
        private double rounding;

        Draft(SketchOptions of) {
            kind = of.kind;
            sketchRows = of.sketchRows;
            blockRows = of.blockRows;
            alpha = of.alpha;
            exactMemoryBytes = of.exactMemoryBytes;
            decay = of.decay;
            probes = of.probes;
            probeSeed = of.probeSeed;
            precision = of.precision;
            rounding = of.rounding;
        }

        SketchOptions checked() {
            return new SketchOptions(
                    kind,
                    sketchRows,
                    blockRows,
                    alpha,
                    exactMemoryBytes,
                    decay,
                    probes,
                    probeSeed,
                    precision,
                    rounding);
        }
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
