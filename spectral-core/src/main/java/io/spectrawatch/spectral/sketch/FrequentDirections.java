package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.BlockStep;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.RankedLosses;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.linalg.Shrinkage;
import java.nio.DoubleBuffer;

/**
 * Block alpha-Frequent-Directions (Ghashami, Liberty, Phillips, Woodruff 2016; Desai, Ghashami,
 * Phillips 2016) by the Gram matrix of the stack [B; new rows].
 *
 * <p>B keeps orthogonal rows, so its own Gram block is diagonal and known; only the blocks that
 * involve new rows are computed. Every {@link #REFRESH}th step computes the known block too, which
 * repairs the drift that rounding causes and keeps its bound from growing with the length of the
 * stream.
 */
final class FrequentDirections extends CentredSketch {
    static final int REFRESH = 64;

    /** Leading directions kept out of fp32 products. */
    private static final int DEFLATED = 8;

    /** Energy below which a direction is not worth deflating, relative to the first. */
    private static final double LEAST_DEFLATED = 1e-6;

    private final int sketchRows;

    /** B, l x d; the first {@code rank} rows are defined, in descending length. */
    private DoubleBuffer directions;

    final double[] squares;
    int rank;

    final RankedLosses losses;

    private final Shrinkage shrinkage;

    /** Bound on the Frobenius norm of B B^T - diag(squares). */
    double drift;

    FrequentDirections(SketchOptions options, int dimension, Kernels kernels, Anchor anchor) {
        super(options, dimension, kernels, anchor);
        this.sketchRows = options.sketchRows();
        this.squares = new double[sketchRows];
        this.losses = new RankedLosses(lossesKept(options, dimension));
        this.shrinkage = new Shrinkage(sketchRows, options.alpha(), squares, losses);
        // Room for l rows comes with the first update: what a record claims costs nothing.
        this.directions = workspace.take(0);
    }

    /** A step of a full block loses something in this many directions at most. */
    static int lossesKept(SketchOptions options, int dimension) {
        return (int) Math.min((long) options.sketchRows() + options.blockRows(), (long) dimension);
    }

    /** Makes room for the state that is about to be read. */
    void restore(int storedRank) {
        workspace.give(directions);
        directions = workspace.take(storedRank * dimension);
        rank = storedRank;
    }

    @Override
    public SketchKind kind() {
        return SketchKind.FREQUENT_DIRECTIONS;
    }

    @Override
    double absorb(BlockStep step) {
        int count = step.count();
        int m = rank + count;
        DoubleBuffer gram = workspace.scratch(Role.GRAM, m * m);
        deflate(step);
        double fresh = kernels.blockProducts(step, rank, directions, gram);
        accept(step, fresh);
        double keep = options.decay();
        if (keep < 1) {
            decay(keep, m, gram);
        }
        double single = deflationError(step, fresh);
        shrink(m, gram, fresh, single, keep);
        if (keep < 1) {
            // The rotation reads B as it was before the decay.
            shrinkage.scaleKnown(rank, m, Math.sqrt(keep));
        }
        DoubleBuffer next = workspace.takeUndefined(sketchRows * dimension);
        kernels.blockRotate(step, shrinkage.kept(), rank, directions, shrinkage.weights(), next);
        replace(next);
        return fresh;
    }

    /**
     * Chooses the directions that deflation takes out: the leading ones, while they are well above
     * rounding.
     */
    private void deflate(BlockStep step) {
        if (options.precision() == Precision.FP64) {
            return;
        }
        int q = 0;
        while (q < Math.min(rank, DEFLATED) && squares[q] > LEAST_DEFLATED * squares[0]) {
            q++;
        }
        step.deflated = q;
    }

    /**
     * Bounds the Frobenius error of the deflated products: fp32 sums of numbers converted to fp32.
     */
    private double deflationError(BlockStep step, double fresh) {
        if (options.precision() == Precision.FP64) {
            return 0;
        }
        double residual = step.residualEnergy;
        double seen = 2 * Math.sqrt(step.tailEnergy) * Math.sqrt(residual) + residual;
        return Roundoff.singleGamma(kernels.singleChunk(dimension) + 8) * seen
                + 8 * Roundoff.gamma(dimension + 8) * fresh;
    }

    /** Decays the known block and the cross products in place of B itself. */
    private void decay(double keep, int m, DoubleBuffer gram) {
        double root = Math.sqrt(keep);
        drift *= keep;
        losses.scale(keep);
        for (int i = 0; i < rank; i++) {
            squares[i] *= keep;
            for (int j = rank; j < m; j++) {
                gram.put(i * m + j, root * gram.get(i * m + j));
            }
        }
    }

    @Override
    void absorb(CentredSketch sketch, boolean corrected, DoubleBuffer correction) {
        FrequentDirections other = (FrequentDirections) sketch;
        losses.add(other.losses);
        int count = other.rank + (corrected ? 1 : 0);
        if (count == 0) {
            return;
        }
        DoubleBuffer stack = workspace.scratch(Role.ROWS, count * dimension);
        stack.put(0, other.directions, 0, other.rank * dimension);
        if (corrected) {
            stack.put(other.rank * dimension, correction, 0, dimension);
        }
        int m = rank + count;
        DoubleBuffer gram = workspace.scratch(Role.GRAM, m * m);
        if (rank > 0) {
            kernels.cross(rank, count, dimension, directions, stack, gram, rank, m);
        }
        kernels.gram(count, dimension, stack, gram, rank * (m + 1), m);
        double fresh = 0;
        for (int i = rank; i < m; i++) {
            fresh += gram.get(i * (m + 1));
        }
        shrink(m, gram, fresh, 0, 1);
        int kept = shrinkage.kept();
        DoubleBuffer next = workspace.takeUndefined(sketchRows * dimension);
        if (rank > 0) {
            kernels.rotate(
                    kept, rank, dimension, shrinkage.weights(), 0, m, directions, false, next);
        }
        kernels.rotate(kept, count, dimension, shrinkage.weights(), rank, m, stack, rank > 0, next);
        replace(next);
    }

    /**
     * Completes the stack's Gram matrix (m x m), books its rounding, and shrinks its spectrum.
     *
     * @param keep what the squares of B have been decayed by and B itself has not: 1 in a merge
     */
    private void shrink(int m, DoubleBuffer gram, double fresh, double single, double keep) {
        double held = 0;
        for (int i = 0; i < rank; i++) {
            held += squares[i];
        }
        boolean refresh =
                blocks % REFRESH == 0 || drift > REFRESH * Roundoff.gamma(dimension) * held;
        fillKnownBlock(m, gram, refresh, keep);
        int kept = Math.min(sketchRows, m);
        DoubleBuffer values = workspace.scratch(Role.VALUES, m);
        kernels.leadingEigen(m, kept, gram, values);
        book(m, held, fresh, refresh, single);
        shrinkage.decide(m, gram, values, workspace.scratch(Role.WEIGHTS, kept * m));
    }

    private void fillKnownBlock(int m, DoubleBuffer gram, boolean refresh, double keep) {
        if (refresh && rank > 0) {
            kernels.gram(rank, dimension, directions, gram, 0, m);
            scaleKnownBlock(m, gram, keep);
            return;
        }
        for (int i = 0; i < rank; i++) {
            gram.put(i * (m + 1), squares[i]);
            for (int j = i + 1; j < rank; j++) {
                gram.put(i * m + j, 0.0);
            }
        }
    }

    private void scaleKnownBlock(int m, DoubleBuffer gram, double keep) {
        if (keep < 1) {
            for (int i = 0; i < rank; i++) {
                for (int j = i; j < rank; j++) {
                    gram.put(i * m + j, keep * gram.get(i * m + j));
                }
            }
        }
    }

    /**
     * Books this step's rounding: the Gram matrix's forward error and the inherited drift (both
     * enter the eigenvalues), the eigensolver, and the rotation's matrix product.
     */
    private void book(int m, double held, double fresh, boolean refresh, double single) {
        double total = held + fresh;
        double product = refresh ? total : 2 * Math.sqrt(held) * Math.sqrt(fresh) + fresh;
        double gramError = (refresh ? 0 : drift) + Roundoff.gamma(dimension + 8) * product + single;
        double solver = Roundoff.EIGENSOLVER * m * Roundoff.UNIT * total;
        double rotation = 2 * Roundoff.gamma(m + 8) * Math.sqrt(sketchRows) * total;
        roundoff += Math.sqrt(m) * gramError + 2 * solver + rotation;
        drift = gramError + 2 * solver + rotation;
    }

    private void replace(DoubleBuffer next) {
        workspace.give(directions);
        directions = next;
        rank = shrinkage.kept();
        while (rank > 0 && squares[rank - 1] == 0) {
            rank--;
        }
        deltaPlus += shrinkage.delta();
        shed += shrinkage.lost();
    }

    @Override
    void scaleMoment(double factor) {
        double root = Math.sqrt(factor);
        for (int i = 0; i < rank * dimension; i++) {
            directions.put(i, root * directions.get(i));
        }
        for (int i = 0; i < rank; i++) {
            squares[i] *= factor;
        }
        losses.scale(factor);
        drift = factor * drift + 8 * Roundoff.UNIT * energy;
    }

    @Override
    public void subtract(SecondMomentSketch part) {
        throw new IncompatibleSketchException(
                "subtract: an EXACT sketch expected, found FREQUENT_DIRECTIONS, which cannot forget rows");
    }

    /** Compares the ledger with the state: T = F - |B|^2 within the rounding bound. */
    @Override
    void checkArithmetic() {
        double held = kernels.sumOfSquares(rank * dimension, directions);
        double tolerance =
                2 * roundoff + Roundoff.gamma(16.0 * (blocks + sketchRows) + dimension) * energy;
        double gap = Math.abs(energy - held - shed);
        if (!(gap <= tolerance)) {
            throw new ArithmeticAlarmException(
                    "sketch arithmetic: |F - |B|^2 - T| at most "
                            + tolerance
                            + " expected, found "
                            + gap
                            + " (F "
                            + energy
                            + ", |B|^2 "
                            + held
                            + ", T "
                            + shed
                            + ")");
        }
    }

    @Override
    public Spectrum spectrum(int basisVectors) {
        requireOpen();
        checkArithmetic();
        int k = Math.min(Math.max(basisVectors, 0), rank);
        double[] basis = new double[k * dimension];
        directions.get(0, basis);
        Spectra.normalise(basis, dimension);
        double[] eigenvalues = new double[Math.min(sketchRows, dimension)];
        System.arraycopy(squares, 0, eigenvalues, 0, Math.min(rank, eigenvalues.length));
        // The recorded squares differ from B's own eigenvalues by at most the drift.
        Ledger ledger = new Ledger(deltaPlus, deltaMinus, shed, energy, roundoff + drift);
        return new Spectrum(dimension, rows, eigenvalues, basis, ledger, losses.known());
    }

    @Override
    public Spectrum centredSpectrum(int basisVectors) {
        if (anchor == null || rows == 0) {
            return spectrum(basisVectors);
        }
        requireOpen();
        checkArithmetic();
        return Spectra.downdate(this, directions, rank, basisVectors, losses.known());
    }

    @Override
    public void multiply(int k, DoubleBuffer vectors, DoubleBuffer out) {
        requireOpen();
        DoubleBuffer along = workspace.scratch(Role.WEIGHTS, k * Math.max(rank, 1));
        if (rank == 0) {
            for (int i = 0; i < k * dimension; i++) {
                out.put(i, 0.0);
            }
            return;
        }
        kernels.cross(k, rank, dimension, vectors, directions, along, 0, rank);
        kernels.rotate(k, rank, dimension, along, 0, rank, directions, false, out);
    }

    @Override
    public void momentInto(DoubleBuffer out) {
        requireOpen();
        for (int i = 0; i < dimension * dimension; i++) {
            out.put(i, 0.0);
        }
        if (rank > 0) {
            kernels.addMoment(rank, dimension, directions, out);
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = i + 1; j < dimension; j++) {
                out.put(j * dimension + i, out.get(i * dimension + j));
            }
        }
    }

    DoubleBuffer state() {
        return directions;
    }

    @Override
    byte[] encode(boolean sealed) {
        return SketchCodec.encode(this, sealed);
    }

    @Override
    void release() {
        workspace.give(directions);
    }
}
