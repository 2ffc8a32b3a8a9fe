package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
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

    private final int sketchRows;

    /** B, l x d; the first {@code rank} rows are defined, in descending length. */
    private DoubleBuffer directions;

    final double[] squares;
    int rank;

    /** Bound on the Frobenius norm of B B^T - diag(squares). */
    double drift;

    FrequentDirections(SketchOptions options, int dimension, Kernels kernels) {
        super(options, dimension, kernels);
        this.sketchRows = options.sketchRows();
        this.squares = new double[sketchRows];
        this.directions = workspace.take(Math.multiplyExact(sketchRows, dimension));
    }

    @Override
    public SketchKind kind() {
        return SketchKind.FREQUENT_DIRECTIONS;
    }

    @Override
    double absorb(DoubleBuffer centred, int count, double approximateEnergy) {
        return shrink(centred, count);
    }

    @Override
    void absorb(CentredSketch sketch, int corrections, DoubleBuffer correction) {
        FrequentDirections other = (FrequentDirections) sketch;
        int count = other.rank + corrections;
        if (count == 0) {
            return;
        }
        DoubleBuffer stack = workspace.scratch(Role.ROWS, count * dimension);
        stack.put(0, other.directions, 0, other.rank * dimension);
        if (corrections == 1) {
            stack.put(other.rank * dimension, correction, 0, dimension);
        }
        shrink(stack, count);
    }

    /**
     * Stacks rows under B, rotates the stack onto its principal axes and shrinks; returns the rows'
     * energy.
     */
    private double shrink(DoubleBuffer added, int count) {
        int m = rank + count;
        DoubleBuffer gram = workspace.scratch(Role.GRAM, m * m);
        boolean refresh = blocks % REFRESH == 0;
        double held = knownBlock(gram, m, refresh);
        if (rank > 0) {
            kernels.cross(rank, count, dimension, directions, added, gram, rank, m);
        }
        kernels.gram(count, dimension, added, gram, rank * (m + 1), m);
        double fresh = 0;
        for (int i = rank; i < m; i++) {
            fresh += gram.get(i * (m + 1));
        }
        DoubleBuffer values = workspace.scratch(Role.VALUES, m);
        kernels.eigen(m, gram, values);
        account(m, held, fresh, refresh);
        rotate(m, count, added, gram, values);
        return fresh;
    }

    private double knownBlock(DoubleBuffer gram, int m, boolean refresh) {
        double held = 0;
        if (refresh && rank > 0) {
            kernels.gram(rank, dimension, directions, gram, 0, m);
            for (int i = 0; i < rank; i++) {
                held += gram.get(i * (m + 1));
            }
            return held;
        }
        for (int i = 0; i < rank; i++) {
            for (int j = i + 1; j < rank; j++) {
                gram.put(i * m + j, 0.0);
            }
            gram.put(i * (m + 1), squares[i]);
            held += squares[i];
        }
        return held;
    }

    /**
     * Books this step's rounding: the Gram matrix's forward error and the inherited drift (both
     * enter the eigenvalues), the eigensolver, and the rotation's matrix product.
     */
    private void account(int m, double held, double fresh, boolean refresh) {
        double total = held + fresh;
        double product = refresh ? total : 2 * Math.sqrt(held * fresh) + fresh;
        double gramError = (refresh ? 0 : drift) + Roundoff.gamma(dimension + 2) * product;
        double solver = Roundoff.EIGENSOLVER * m * Roundoff.UNIT * total;
        double rotation = 2 * Roundoff.gamma(m + 3) * Math.sqrt(sketchRows) * total;
        roundoff += Math.sqrt(m) * gramError + 2 * solver + rotation;
        drift = gramError + 2 * solver + rotation;
    }

    private void rotate(
            int m, int count, DoubleBuffer added, DoubleBuffer vectors, DoubleBuffer values) {
        double delta = m > sketchRows ? Math.max(values.get(m - 1 - sketchRows), 0) : 0;
        int kept = Math.min(sketchRows, m);
        int untouched = (int) Math.floor((1 - options.alpha()) * sketchRows);
        DoubleBuffer weights = workspace.scratch(Role.WEIGHTS, kept * m);
        double lost = 0;
        for (int i = 0; i < kept; i++) {
            double before = Math.max(values.get(m - 1 - i), 0);
            double after = i < untouched ? before : Math.max(before - delta, 0);
            double scale = before > 0 ? Math.sqrt(after / before) : 0;
            for (int j = 0; j < m; j++) {
                weights.put(i * m + j, scale * vectors.get((m - 1 - i) * m + j));
            }
            squares[i] = after;
            lost += before - after;
        }
        for (int i = kept; i < m; i++) {
            lost += Math.max(values.get(m - 1 - i), 0);
        }
        DoubleBuffer next = workspace.take(sketchRows * dimension);
        if (rank > 0) {
            kernels.rotate(kept, rank, dimension, weights, 0, m, directions, false, next);
        }
        kernels.rotate(kept, count, dimension, weights, rank, m, added, rank > 0, next);
        workspace.give(directions);
        directions = next;
        rank = kept;
        while (rank > 0 && squares[rank - 1] == 0) {
            rank--;
        }
        deltaPlus += delta;
        shed += lost;
    }

    /** Compares the ledger with the state: T = F - |B|^2 within the rounding bound. */
    void checkArithmetic() {
        double held = kernels.sumOfSquares(rank * dimension, directions);
        double tolerance =
                2 * roundoff + Roundoff.gamma(8.0 * (blocks + sketchRows) + dimension) * energy;
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
        for (int i = 0; i < k; i++) {
            double square = 0;
            for (int j = i * dimension; j < (i + 1) * dimension; j++) {
                square += basis[j] * basis[j];
            }
            double scale = square > 0 ? 1 / Math.sqrt(square) : 0;
            for (int j = i * dimension; j < (i + 1) * dimension; j++) {
                basis[j] *= scale;
            }
        }
        canonicalSigns(basis, dimension);
        int length = Math.min(sketchRows, dimension);
        double[] eigenvalues = new double[length];
        System.arraycopy(squares, 0, eigenvalues, 0, Math.min(rank, length));
        return new Spectrum(dimension, rows, eigenvalues, basis, ledgerWithDrift());
    }

    /** The recorded squares differ from B's own eigenvalues by the drift. */
    private Ledger ledgerWithDrift() {
        return new Ledger(deltaPlus, deltaMinus, shed, energy, roundoff + drift);
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
    public byte[] toBytes() {
        requireOpen();
        checkArithmetic();
        return SketchCodec.encode(this);
    }

    @Override
    void release() {
        workspace.give(directions);
    }
}
