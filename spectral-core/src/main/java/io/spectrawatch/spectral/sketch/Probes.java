package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.BlockStep;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import java.nio.DoubleBuffer;
import java.util.Optional;

/**
 * Y = A^T A Omega for a few Gaussian vectors, kept exactly while the sketch loses something: R = Y
 * - B^T B Omega then samples the true error (Halko, Martinsson, Tropp 2011, section 4.3; Hutchinson
 * 1990).
 */
final class Probes {
    private final int count;
    private final int dimension;
    private final long seed;
    private final Kernels kernels;

    /** The products, transposed (g x d), or null without probes. */
    private final DoubleBuffer products;

    /** The probes, transposed (g x d), drawn when first needed. */
    private DoubleBuffer omega;

    Probes(SketchOptions options, int dimension, Kernels kernels) {
        this.count = options.probes();
        this.seed = options.probeSeed();
        this.dimension = dimension;
        this.kernels = kernels;
        this.products = count == 0 ? null : kernels.workspace().take(count * dimension);
    }

    /** The products (g x d), or null. */
    DoubleBuffer products() {
        return products;
    }

    void add(BlockStep step) {
        if (count > 0) {
            kernels.blockProbes(step, count, omega(), products);
        }
    }

    void add(Probes other, boolean corrected, DoubleBuffer correction) {
        combine(other, 1, corrected, correction);
    }

    /** Whether no product overflows when another sketch's are added. */
    boolean sumIsFinite(Probes other) {
        for (int i = 0; i < count * dimension; i++) {
            if (!Double.isFinite(products.get(i) + other.products.get(i))) {
                return false;
            }
        }
        return true;
    }

    void subtract(Probes other, boolean corrected, DoubleBuffer correction) {
        combine(other, -1, corrected, correction);
    }

    private void combine(Probes other, int sign, boolean corrected, DoubleBuffer correction) {
        for (int i = 0; i < count; i++) {
            double along = 0;
            for (int j = 0; corrected && j < dimension; j++) {
                along += omega().get(i * dimension + j) * correction.get(j);
            }
            for (int j = i * dimension; j < (i + 1) * dimension; j++) {
                double rankOne = corrected ? along * correction.get(j - i * dimension) : 0;
                products.put(j, products.get(j) + sign * (other.products.get(j) + rankOne));
            }
        }
    }

    void scale(double factor) {
        for (int i = 0; i < count * dimension; i++) {
            products.put(i, products.get(i) * factor);
        }
    }

    Optional<ErrorEstimate> estimate(SecondMomentSketch sketch) {
        if (count == 0) {
            return Optional.empty();
        }
        DoubleBuffer image = kernels.workspace().scratch(Role.PROBES, count * dimension);
        sketch.multiply(count, omega(), image);
        double square = 0;
        double trace = 0;
        for (int i = 0; i < count * dimension; i++) {
            double residual = products.get(i) - image.get(i);
            square += residual * residual;
            trace += residual * omega.get(i);
        }
        return Optional.of(new ErrorEstimate(Math.sqrt(square / count), trace / count));
    }

    /** What the images under the sketch's error say about the centred moment. */
    Optional<ProbeEvidence> evidence(CentredSketch sketch) {
        if (count == 0 || !(sketch.energy > 0)) {
            return Optional.empty();
        }
        Spectrum spectrum = sketch.centredSpectrum(sketch.dimension);
        double[] shift = sketch.anchor == null ? null : Spectra.meanShift(sketch);
        double[] vectors = new double[count * dimension];
        omega().get(0, vectors);
        double[] images = new double[count * dimension];
        products.get(0, images);
        double[] held = times(sketch, vectors, null);
        for (int i = 0; i < images.length; i++) {
            images[i] -= held[i];
        }
        double clamped = spectrum.ledger().deltaMinus() - sketch.deltaMinus;
        return Optional.of(
                new ErrorProbe(sketch.ledger(), dimension, vectors, images)
                        .evidence(spectrum, x -> times(sketch, x, shift), Math.max(clamped, 0)));
    }

    /** B^T B, less v v^T where v is given, times vectors (g x d). */
    private double[] times(CentredSketch sketch, double[] vectors, double[] shift) {
        DoubleBuffer in = kernels.workspace().scratch(Role.RESIDUAL, count * dimension);
        DoubleBuffer image = kernels.workspace().scratch(Role.PROBES, count * dimension);
        sketch.multiply(count, in.put(0, vectors), image);
        double[] out = new double[count * dimension];
        image.get(0, out);
        for (int j = 0; shift != null && j < out.length; j += dimension) {
            double along = 0;
            for (int c = 0; c < dimension; c++) {
                along += shift[c] * vectors[j + c];
            }
            for (int c = 0; c < dimension; c++) {
                out[j + c] -= along * shift[c];
            }
        }
        return out;
    }

    private DoubleBuffer omega() {
        if (omega == null) {
            omega = kernels.workspace().gaussian(count, dimension, seed);
        }
        return omega;
    }

    void release() {
        if (products != null) {
            kernels.workspace().give(products);
        }
    }
}
