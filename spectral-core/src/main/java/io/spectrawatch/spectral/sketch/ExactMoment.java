package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import java.nio.DoubleBuffer;

/**
 * The full centred second moment; only the upper triangle of the live square is kept up to date.
 */
final class ExactMoment extends CentredSketch {
    private final DoubleBuffer moment;

    ExactMoment(SketchOptions options, int dimension, Kernels kernels) {
        super(options, dimension, kernels);
        this.moment = workspace.take(Math.multiplyExact(dimension, dimension));
    }

    @Override
    public SketchKind kind() {
        return SketchKind.EXACT;
    }

    @Override
    double absorb(DoubleBuffer centred, int count, double approximateEnergy) {
        double before = energy;
        kernels.addMoment(count, dimension, centred, moment);
        double after = trace();
        roundoff +=
                2 * Roundoff.gamma(count + 2) * approximateEnergy
                        + Roundoff.gamma(2) * after
                        + Roundoff.gamma(dimension) * Math.max(after - before, 0);
        return after - before;
    }

    @Override
    void absorb(CentredSketch sketch, int corrections, DoubleBuffer correction) {
        ExactMoment other = (ExactMoment) sketch;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                int at = i * dimension + j;
                moment.put(at, moment.get(at) + other.moment.get(at));
            }
        }
        if (corrections == 1) {
            kernels.addMoment(1, dimension, correction, moment);
        }
        energy = trace();
        roundoff += Roundoff.gamma(6) * energy;
    }

    private double trace() {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum += moment.get(i * (dimension + 1));
        }
        return sum;
    }

    @Override
    public Spectrum spectrum(int basisVectors) {
        requireOpen();
        DoubleBuffer vectors = workspace.scratch(Role.MOMENT, dimension * dimension);
        vectors.put(0, moment, 0, dimension * dimension);
        DoubleBuffer values = workspace.scratch(Role.VALUES, dimension);
        kernels.eigen(dimension, vectors, values);
        double[] eigenvalues = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            eigenvalues[i] = Math.max(values.get(dimension - 1 - i), 0);
        }
        int k = Math.min(Math.max(basisVectors, 0), dimension);
        double[] basis = new double[k * dimension];
        for (int i = 0; i < k; i++) {
            vectors.get((dimension - 1 - i) * dimension, basis, i * dimension, dimension);
        }
        canonicalSigns(basis, dimension);
        double solver = Roundoff.EIGENSOLVER * dimension * Roundoff.UNIT * eigenvalues[0];
        Ledger own = ledger();
        Ledger ledger =
                new Ledger(
                        own.deltaPlus(),
                        own.deltaMinus(),
                        own.shed(),
                        own.energy(),
                        own.roundoff() + solver);
        return new Spectrum(dimension, rows, eigenvalues, basis, ledger);
    }

    @Override
    public void momentInto(DoubleBuffer out) {
        requireOpen();
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                double value = moment.get(i * dimension + j);
                out.put(i * dimension + j, value);
                out.put(j * dimension + i, value);
            }
        }
    }

    DoubleBuffer state() {
        return moment;
    }

    @Override
    public byte[] toBytes() {
        requireOpen();
        return SketchCodec.encode(this);
    }

    @Override
    void release() {
        workspace.give(moment);
    }
}
