package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/** What both sketches share: validation, centring, the mean and the ledger's scalars. */
abstract class CentredSketch implements SecondMomentSketch {
    final SketchOptions options;
    final int dimension;
    final Kernels kernels;
    final Workspace workspace;
    final Mean mean;

    long rows;
    long blocks;
    double energy;
    double deltaPlus;
    double deltaMinus;
    double shed;
    double roundoff;
    private boolean closed;

    CentredSketch(SketchOptions options, int dimension, Kernels kernels) {
        this.options = options;
        this.dimension = dimension;
        this.kernels = kernels;
        this.workspace = kernels.workspace();
        this.mean = new Mean(workspace.take(dimension));
    }

    /**
     * Adds centred rows (count x d) to the moment.
     *
     * @param approximateEnergy their energy, computed in any order
     * @return the energy to add to F
     */
    abstract double absorb(DoubleBuffer centred, int count, double approximateEnergy);

    /** Adds another sketch's moment and the correction row, which is zero or one row. */
    abstract void absorb(CentredSketch other, int corrections, DoubleBuffer correction);

    /** Gives the moment's buffers back. */
    abstract void release();

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
    public final Ledger ledger() {
        return new Ledger(deltaPlus, deltaMinus, shed, energy, roundoff);
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
        DoubleBuffer centred = workspace.scratch(Role.ROWS, (n + 1) * dimension);
        DoubleBuffer blockMean = workspace.scratch(Role.VECTOR, dimension);
        kernels.mean(n, dimension, block.values(), blockMean);
        kernels.centre(n, dimension, block.values(), blockMean, centred);
        double scatter = kernels.sumOfSquares(n * dimension, centred);
        boolean first = mean.weight == 0;
        double square = first ? 0 : mean.correction(n, blockMean, centred, n * dimension);
        if (!Double.isFinite(scatter + square)) {
            throw notFinite(block);
        }
        double spread = Math.sqrt(scatter) + Math.sqrt(n) * Mean.norm(blockMean, dimension);
        double blockMeanError = Roundoff.gamma(n + 1) * spread / Math.sqrt(n);
        double error =
                mean.correctionError(n, blockMeanError, square)
                        + n * blockMeanError * blockMeanError
                        + 4 * Roundoff.UNIT * scatter
                        + (double) (n + 1) * dimension * Double.MIN_NORMAL;
        energy += absorb(centred, first ? n : n + 1, scatter + square);
        roundoff += error;
        mean.join(n, blockMean, blockMeanError);
        rows += n;
        blocks++;
    }

    @Override
    public final void merge(SecondMomentSketch sketch) {
        requireOpen();
        if (sketch == this) {
            throw new IncompatibleSketchException("merge: a sketch cannot be merged with itself");
        }
        if (sketch.kind() != kind() || sketch.dimension() != dimension) {
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
        CentredSketch other = (CentredSketch) sketch;
        other.requireOpen();
        if (other.rows == 0) {
            return;
        }
        DoubleBuffer correction = workspace.scratch(Role.VECTOR, dimension);
        boolean first = mean.weight == 0;
        double square =
                first ? 0 : mean.correction(other.mean.weight, other.mean.value, correction, 0);
        double error = mean.correctionError(other.mean.weight, other.mean.error, square);
        energy += other.energy + square;
        shed += other.shed;
        deltaPlus += other.deltaPlus;
        deltaMinus += other.deltaMinus;
        roundoff += other.roundoff + error;
        absorb(other, first ? 0 : 1, correction);
        mean.join(other.mean.weight, other.mean.value, other.mean.error);
        rows += other.rows;
        blocks += other.blocks;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            workspace.give(mean.value);
            release();
        }
    }

    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("sketch: closed");
        }
    }

    private InvalidRowsException notFinite(RowBlock block) {
        DoubleBuffer values = block.values();
        for (int i = 0; i < block.rows() * dimension; i++) {
            if (!Double.isFinite(values.get(i))) {
                return new InvalidRowsException(
                        "update: finite values expected, found "
                                + values.get(i)
                                + " in row "
                                + i / dimension
                                + ", column "
                                + i % dimension);
            }
        }
        return new InvalidRowsException(
                "update: values whose squares are finite expected, the block's energy overflows");
    }

    /**
     * Flips unit rows so that the entry of largest magnitude is positive, the first one on ties.
     */
    static void canonicalSigns(double[] basis, int d) {
        for (int row = 0; row < basis.length; row += d) {
            int peak = row;
            for (int j = row; j < row + d; j++) {
                if (Math.abs(basis[j]) > Math.abs(basis[peak])) {
                    peak = j;
                }
            }
            if (basis[peak] < 0) {
                for (int j = row; j < row + d; j++) {
                    basis[j] = -basis[j];
                }
            }
        }
    }
}
