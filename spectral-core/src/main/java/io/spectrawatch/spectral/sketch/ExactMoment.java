package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.BlockStep;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.linalg.SingleProducts;
import java.nio.DoubleBuffer;

/** The full second moment; only the upper triangle of the live square is kept up to date. */
final class ExactMoment extends CentredSketch {
    /** Weight of a part over the whole's: decay rounds both. */
    private static final double MOST_WEIGHT = 1 + 1e-9;

    private final DoubleBuffer moment;

    ExactMoment(SketchOptions options, int dimension, Kernels kernels, Anchor anchor) {
        super(options, dimension, kernels, anchor);
        this.moment = workspace.take(Math.multiplyExact(dimension, dimension));
    }

    @Override
    public SketchKind kind() {
        return SketchKind.EXACT;
    }

    @Override
    double absorb(BlockStep step) {
        int count = step.count();
        step.singleTerms = SingleProducts.chunk(options.rounding(), count, dimension);
        double fresh = kernels.blockMoment(step, options.decay(), room(), moment);
        accept(step, fresh);
        double total = energy + fresh;
        int sums = step.singleTerms == 0 ? 1 : (count - 1) / step.singleTerms + 1;
        roundoff +=
                Roundoff.gamma(count + 2) * fresh
                        + Roundoff.gamma(1 + sums) * total
                        + Roundoff.gamma((double) count + dimension) * fresh;
        if (step.singleTerms > 0) {
            roundoff += SingleProducts.share(step.singleTerms, dimension) * fresh;
        }
        return fresh;
    }

    @Override
    void absorb(CentredSketch sketch, boolean corrected, DoubleBuffer correction) {
        if (sketch instanceof FrequentDirections part) {
            absorbDirections(part);
        } else {
            addUpper(((ExactMoment) sketch).moment, 1);
        }
        if (corrected) {
            kernels.addMoment(1, dimension, correction, moment);
        }
        roundoff += Roundoff.gamma(8) * energy;
    }

    /** Adds B^T B; what the sketch had let go is in its ledger, which is added to this one's. */
    private void absorbDirections(FrequentDirections part) {
        if (part.rank > 0) {
            kernels.addMoment(part.rank, dimension, part.state(), moment);
        }
        roundoff +=
                Roundoff.gamma(part.rank + 2) * part.energy
                        + Roundoff.gamma((double) part.rank + dimension) * part.energy;
    }

    private void addUpper(DoubleBuffer other, double sign) {
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                int at = i * dimension + j;
                moment.put(at, moment.get(at) + sign * other.get(at));
            }
        }
    }

    @Override
    void scaleMoment(double factor) {
        for (int i = 0; i < dimension * dimension; i++) {
            moment.put(i, moment.get(i) * factor);
        }
    }

    @Override
    public void subtract(SecondMomentSketch sketch) {
        requireOpen();
        ExactMoment part = requirePart(sketch);
        double before = energy;
        double left = Math.max(mean.weight - part.mean.weight, 0);
        double ratio = left > 0 ? part.mean.weight / left : 0;
        DoubleBuffer shift = workspace.scratch(Role.VECTOR, dimension);
        double square = 0;
        double factor =
                anchor == null && left > 0 ? Math.sqrt(mean.weight * part.mean.weight / left) : 0;
        for (int j = 0; j < dimension; j++) {
            double gap = mean.value.get(j) - part.mean.value.get(j);
            shift.put(j, factor * gap);
            square += factor * gap * factor * gap;
        }
        double error = mean.correctionError(factor, part.mean.error, square);
        if (!Double.isFinite(square + roundoff + part.roundoff + error)) {
            throw new IncompatibleSketchException(
                    "subtract: rows that were part of this sketch expected, found a mean too far off");
        }
        for (int j = 0; j < dimension; j++) {
            double gap = mean.value.get(j) - part.mean.value.get(j);
            mean.value.put(j, left > 0 ? mean.value.get(j) + ratio * gap : 0);
        }
        addUpper(part.moment, -1);
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                int at = i * dimension + j;
                moment.put(at, moment.get(at) - shift.get(i) * shift.get(j));
            }
        }
        mean.error =
                (1 + ratio) * mean.error
                        + ratio * part.mean.error
                        + 8 * Roundoff.UNIT * mean.norm(mean.value);
        mean.weight = left;
        rows -= part.rows;
        energy = Math.max(before - part.energy - square, 0);
        roundoff += part.roundoff + error + Roundoff.gamma(8) * before;
        probes.subtract(part.probes, factor > 0, shift);
    }

    private ExactMoment requirePart(SecondMomentSketch sketch) {
        if (sketch == this) {
            throw new IncompatibleSketchException(
                    "subtract: a sketch cannot be taken out of itself");
        }
        if (!(sketch instanceof ExactMoment part)
                || part.dimension != dimension
                || !anchor().equals(part.anchor())
                || options.probes() != part.options.probes()
                || options.probeSeed() != part.options.probeSeed()
                || part.rows > rows
                || part.mean.weight > mean.weight * MOST_WEIGHT) {
            throw new IncompatibleSketchException(
                    "subtract: EXACT, at most "
                            + rows
                            + " rows of dimension "
                            + dimension
                            + ", "
                            + anchor()
                            + " and the same probes expected, found "
                            + sketch.kind()
                            + ", "
                            + sketch.rows()
                            + " rows of dimension "
                            + sketch.dimension()
                            + " and "
                            + sketch.anchor());
        }
        part.requireOpen();
        return part;
    }

    @Override
    public Spectrum spectrum(int basisVectors) {
        requireOpen();
        checkArithmetic();
        DoubleBuffer vectors = workspace.scratch(Role.MOMENT, dimension * dimension);
        vectors.put(0, moment, 0, dimension * dimension);
        return Spectra.ofDense(this, vectors, basisVectors, ledger());
    }

    @Override
    public Spectrum centredSpectrum(int basisVectors) {
        if (anchor == null || rows == 0) {
            return spectrum(basisVectors);
        }
        requireOpen();
        checkArithmetic();
        DoubleBuffer vectors = workspace.scratch(Role.MOMENT, dimension * dimension);
        vectors.put(0, moment, 0, dimension * dimension);
        double[] shift = Spectra.meanShift(this);
        double square = 0;
        for (int i = 0; i < dimension; i++) {
            square += shift[i] * shift[i];
            for (int j = i; j < dimension; j++) {
                vectors.put(
                        i * dimension + j, vectors.get(i * dimension + j) - shift[i] * shift[j]);
            }
        }
        return Spectra.ofDense(this, vectors, basisVectors, Spectra.downdated(this, square));
    }

    @Override
    public void multiply(int k, DoubleBuffer vectors, DoubleBuffer out) {
        requireOpen();
        DoubleBuffer full = workspace.scratch(Role.MOMENT, dimension * dimension);
        momentInto(full);
        kernels.rotate(k, dimension, dimension, vectors, 0, dimension, full, false, out);
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
    byte[] encode(boolean sealed) {
        return SketchCodec.encode(this, sealed);
    }

    @Override
    void checkArithmetic() {
        double trace = 0;
        for (int i = 0; i < dimension; i++) {
            trace += moment.get(i * (dimension + 1));
        }
        double tolerance = 2 * roundoff + Roundoff.gamma(16.0 * blocks + dimension) * energy;
        double gap = Math.abs(energy - trace - shed);
        if (!(gap <= tolerance)) {
            throw new ArithmeticAlarmException(
                    "moment arithmetic: |F - tr M - T| at most "
                            + tolerance
                            + " expected, found "
                            + gap);
        }
    }

    @Override
    void release() {
        workspace.give(moment);
    }
}
