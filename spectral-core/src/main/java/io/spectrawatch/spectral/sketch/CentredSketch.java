package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.BlockStep;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.Optional;

/**
 * What both sketches share: validation, centring or anchoring, decay, the mean and the ledger's
 * scalars.
 */
abstract class CentredSketch implements SecondMomentSketch {
    /**
     * Largest F: what is computed from it stays finite, with room for products and sums over
     * blocks.
     */
    static final double MOST_ENERGY = 0x1p946;

    final SketchOptions options;
    final int dimension;
    final Kernels kernels;
    final Workspace workspace;
    final Anchor anchor;
    final Mean mean;
    final Probes probes;

    long rows;
    long blocks;
    double energy;
    double deltaPlus;
    double deltaMinus;
    double shed;
    double roundoff;

    private final BlockStep step = new BlockStep();
    private boolean closed;

    CentredSketch(SketchOptions options, int dimension, Kernels kernels, Anchor anchor) {
        this.options = options;
        this.dimension = dimension;
        this.kernels = kernels;
        this.workspace = kernels.workspace();
        this.anchor = anchor;
        this.mean = new Mean(workspace.take(dimension), kernels);
        this.probes = new Probes(options, dimension, kernels);
        if (anchor != null) {
            requireModest(anchor);
            step.anchor = workspace.take(dimension);
            step.anchor.put(0, anchor.value());
        }
        step.runningMean = mean.value;
    }

    private static void requireModest(Anchor anchor) {
        for (double value : anchor.value()) {
            if (Math.abs(value) > MOST_VALUE) {
                throw new IllegalArgumentException(
                        "anchor "
                                + anchor.id()
                                + ": values of at most "
                                + MOST_VALUE
                                + " in magnitude expected, found "
                                + value);
            }
        }
    }

    /**
     * Adds a block to the moment, after {@link #accept} has let its energy through.
     *
     * @return the energy to add to F
     */
    abstract double absorb(BlockStep block);

    /** Adds another sketch's moment and, if its factor was positive, the correction row (d). */
    abstract void absorb(CentredSketch other, boolean corrected, DoubleBuffer correction);

    /**
     * Compares the ledger with the state it describes.
     *
     * @throws ArithmeticAlarmException if T = F - |B|^2 fails beyond the rounding bound
     */
    abstract void checkArithmetic();

    /** Returns the binary form, with the state rounded to fp32 if it is to be sealed. */
    abstract byte[] encode(boolean sealed);

    /** Gives the moment's buffers back. */
    abstract void release();

    /** Largest energy of a block that {@link #accept} lets through. */
    final double room() {
        return MOST_ENERGY - options.decay() * energy;
    }

    /**
     * Refuses a block whose energy is not finite or more than F has room for; otherwise decays what
     * is held. Nothing has changed before.
     */
    final void accept(BlockStep block, double fresh) {
        if (!(fresh <= room())) {
            throw refusal(block.block);
        }
        double keep = options.decay();
        if (keep < 1) {
            mean.weight *= keep;
            energy *= keep;
            deltaPlus *= keep;
            deltaMinus *= keep;
            shed *= keep;
            roundoff = keep * roundoff + 4 * Roundoff.UNIT * energy;
            probes.scale(keep);
        }
    }

    @Override
    public final int dimension() {
        return dimension;
    }

    @Override
    public final long rows() {
        return rows;
    }

    @Override
    public final double energy() {
        return energy;
    }

    @Override
    public final double[] mean() {
        double[] copy = new double[dimension];
        mean.value.get(0, copy);
        return copy;
    }

    @Override
    public final Optional<Anchor> anchor() {
        return Optional.ofNullable(anchor);
    }

    @Override
    public final Ledger ledger() {
        return new Ledger(deltaPlus, deltaMinus, shed, energy, roundoff);
    }

    @Override
    public final SketchOptions options() {
        return options;
    }

    @Override
    public final void update(RowBlock block) {
        requireOpen();
        int n = block.rows();
        if (block.dimension() != dimension) {
            throw new InvalidRowsException(
                    "update: row width " + dimension + " expected, found " + block.dimension());
        }
        if (n == 0) {
            throw new InvalidRowsException(
                    "update: at least one row expected, found an empty block");
        }
        // Rows that arrived narrow cannot be as large.
        if (block.elementType().isEmpty()) {
            requireModest(block);
        }
        step.block = block;
        step.pull = mean.pull(options.decay(), n);
        double fresh = absorb(step);
        probes.add(step);
        double spread = Math.sqrt(fresh) + Math.sqrt(n) * mean.norm(step.blockMean);
        // The block's mean is averaged from its rows, or from its rows about the anchor and the
        // anchor added: n + 1 roundings of at most this size in either case.
        double blockMeanError = Roundoff.gamma(n + 1) * spread / Math.sqrt(n);
        if (anchor == null) {
            roundoff += mean.offsetError(step.pull, n, step.blockMean, blockMeanError);
        }
        roundoff += 4 * Roundoff.UNIT * fresh + (double) n * dimension * Double.MIN_NORMAL;
        energy += fresh;
        mean.join(n, step.blockMean, blockMeanError);
        rows += n;
        blocks++;
    }

    private void requireModest(RowBlock block) {
        DoubleBuffer values = block.values();
        double most = 0;
        for (int i = 0; i < block.rows() * dimension; i++) {
            // NaN stays.
            most = Math.max(most, Math.abs(values.get(i)));
        }
        if (!(most <= MOST_VALUE)) {
            throw refusal(block);
        }
    }

    @Override
    public final void merge(SecondMomentSketch sketch) {
        requireOpen();
        CentredSketch other = requireCompatible(sketch);
        if (other.rows == 0) {
            return;
        }
        DoubleBuffer correction = workspace.scratch(Role.VECTOR, dimension);
        double factor = anchor == null ? mean.correction(1, other.mean.weight) : 0;
        double square = 0;
        for (int j = 0; factor > 0 && j < dimension; j++) {
            double entry = factor * (mean.value.get(j) - other.mean.value.get(j));
            correction.put(j, entry);
            square += entry * entry;
        }
        double error = mean.correctionError(factor, other.mean.error, square);
        requireRoom(other, square, error);
        probes.add(other.probes, factor > 0, correction);
        energy += other.energy + square;
        shed += other.shed;
        deltaPlus += other.deltaPlus;
        deltaMinus += other.deltaMinus;
        roundoff += other.roundoff + error;
        absorb(other, factor > 0, correction);
        mean.join(other.mean.weight, other.mean.value, other.mean.error);
        rows += other.rows;
        blocks += other.blocks;
    }

    /** Refuses a sum that would not be finite, before anything has changed. */
    private void requireRoom(CentredSketch other, double square, double error) {
        boolean counts =
                rows <= Long.MAX_VALUE - other.rows && blocks <= Long.MAX_VALUE - other.blocks;
        boolean scalars =
                Double.isFinite(mean.weight + other.mean.weight)
                        && Double.isFinite(mean.error + other.mean.error)
                        && Double.isFinite(shed + other.shed)
                        && Double.isFinite(deltaPlus + other.deltaPlus)
                        && Double.isFinite(deltaMinus + other.deltaMinus)
                        && Double.isFinite(roundoff + other.roundoff + error);
        double total = energy + other.energy + square;
        if (!counts || !scalars || !(total <= MOST_ENERGY) || !probes.sumIsFinite(other.probes)) {
            throw new IncompatibleSketchException(
                    "merge: counts below 2^63 and an energy of at most "
                            + MOST_ENERGY
                            + " expected, found "
                            + other.rows
                            + " more rows and an energy of "
                            + total);
        }
    }

    private CentredSketch requireCompatible(SecondMomentSketch sketch) {
        if (sketch == this) {
            throw new IncompatibleSketchException("merge: a sketch cannot be merged with itself");
        }
        boolean kindFits = sketch.kind() == kind() || kind() == SketchKind.EXACT;
        if (!kindFits || sketch.dimension() != dimension) {
            throw new IncompatibleSketchException(
                    "merge: "
                            + kind()
                            + " of dimension "
                            + dimension
                            + " expected, found "
                            + sketch.kind()
                            + " of dimension "
                            + sketch.dimension());
        }
        if (!anchor().equals(sketch.anchor())) {
            throw new IncompatibleSketchException(
                    "merge: " + anchor() + " expected, found " + sketch.anchor());
        }
        CentredSketch other = (CentredSketch) sketch;
        other.requireOpen();
        if (options.probes() != other.options.probes()
                || options.probeSeed() != other.options.probeSeed()) {
            throw new IncompatibleSketchException(
                    "merge: "
                            + options.probes()
                            + " probes of seed "
                            + options.probeSeed()
                            + " expected, found "
                            + other.options.probes()
                            + " of "
                            + other.options.probeSeed());
        }
        return other;
    }

    @Override
    public final void fade(double factor) {
        requireOpen();
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException(
                    "fade: factor above 0 and at most 1 expected, found " + factor);
        }
        mean.weight *= factor;
        energy *= factor;
        deltaPlus *= factor;
        deltaMinus *= factor;
        shed *= factor;
        scaleMoment(factor);
        probes.scale(factor);
        roundoff = factor * roundoff + 8 * Roundoff.UNIT * energy;
    }

    /** Multiplies the moment. */
    abstract void scaleMoment(double factor);

    @Override
    public final Optional<ErrorEstimate> estimateError() {
        requireOpen();
        return probes.estimate(this);
    }

    @Override
    public final Optional<ProbeEvidence> probeEvidence() {
        requireOpen();
        return kind() == SketchKind.EXACT ? Optional.empty() : probes.evidence(this);
    }

    @Override
    public final byte[] toBytes() {
        requireOpen();
        checkArithmetic();
        return encode(false);
    }

    @Override
    public final byte[] seal() {
        requireOpen();
        checkArithmetic();
        return encode(true);
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            workspace.give(mean.value);
            if (step.anchor != null) {
                workspace.give(step.anchor);
            }
            probes.release();
            release();
        }
    }

    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("sketch: closed");
        }
    }

    private InvalidRowsException refusal(RowBlock block) {
        DoubleBuffer values = block.values();
        for (int i = 0; i < block.rows() * dimension; i++) {
            if (!(Math.abs(values.get(i)) <= MOST_VALUE)) {
                return new InvalidRowsException(
                        "update: finite values expected, of at most "
                                + MOST_VALUE
                                + " so that no energy overflows, found "
                                + values.get(i)
                                + " in row "
                                + i / dimension
                                + ", column "
                                + i % dimension);
            }
        }
        return new InvalidRowsException(
                "update: an energy of at most "
                        + MOST_ENERGY
                        + " expected, the block's energy overflows it");
    }
}
