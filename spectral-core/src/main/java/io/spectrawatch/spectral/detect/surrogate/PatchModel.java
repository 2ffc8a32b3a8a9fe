package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.PatchFeatures;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.SinglePatches;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;

/**
 * Two models of the {@link PatchFeatures} of an image: a ridge regression, and a kernel machine on
 * their leading principal coordinates.
 *
 * <pre>
 *   patch features | regression, features x classes | map to principal coordinates
 *   landmarks with their unit | kernel machine, landmarks x classes
 * </pre>
 */
final class PatchModel {
    /** Ridge per row, in units of a feature's variance. */
    private static final double RIDGE = 1e-2;

    /** A feature that moves less than this part of what features usually do has no weight. */
    private static final double LEAST_DEVIATION = 1e-3;

    static final int COORDINATES = 128;

    static final int FEATURES = PatchFeatures.count();

    private final PatchFeatures patches;
    private final Machine linear;

    /** From features to their principal coordinates. */
    private final Machine principal;

    private final Landmarks landmarks;
    private final Machine radial;

    private PatchModel(
            PatchFeatures patches,
            Machine linear,
            Machine principal,
            Landmarks landmarks,
            Machine radial) {
        this.patches = patches;
        this.linear = linear;
        this.principal = principal;
        this.landmarks = landmarks;
        this.radial = radial;
    }

    /**
     * Fits both. Features are computed again whenever they are read: of a long reference they would
     * fill the heap.
     *
     * @param chosen reference rows that are landmarks
     * @throws ArithmeticException if all patches are the same
     */
    static PatchModel fit(
            Projected reference, int tap, ImageGrid grid, int classes, int[] chosen, long seed) {
        PatchFeatures patches = PatchFeatures.fit(reference, tap, grid, seed);
        int m = PatchFeatures.count();
        Kernels kernels = reference.kernels();
        SinglePatches single = patches.single(tap);
        Scratch scratch = new Scratch(Landmarks.GROUP, classes);
        double[] mean = new double[m];
        Regression sums =
                Regression.over(
                        reference,
                        classes,
                        m,
                        true,
                        (from, some, into) -> {
                            scratch.takeImages(single, reference, from, some);
                            scratch.addTo(mean, some);
                            into.take(0, m, scratch.features);
                        });
        for (int j = 0; j < m; j++) {
            mean[j] /= reference.rows();
        }
        double[] scale = sums.standardise(mean, LEAST_DEVIATION);
        Machine linear = sums.solve(RIDGE, mean, scale);
        Machine principal = principal(kernels, sums.moment(), mean, scale);
        Matrix marked = new Matrix(chosen.length, COORDINATES);
        for (int at = 0; at < chosen.length; at += Landmarks.GROUP) {
            int some = Math.min(Landmarks.GROUP, chosen.length - at);
            for (int i = 0; i < some; i++) {
                scratch.takeImage(single, reference, chosen[at + i], i);
            }
            scratch.project(principal);
            for (int i = 0; i < some; i++) {
                scratch.row(i);
                marked.setRow(at + i, scratch.row);
            }
        }
        Landmarks landmarks = Landmarks.of(kernels, marked);
        PatchModel open = new PatchModel(patches, linear, principal, landmarks, null);
        Regression radial =
                Regression.over(
                        reference,
                        classes,
                        landmarks.count(),
                        true,
                        (from, some, into) -> {
                            scratch.takeImages(single, reference, from, some);
                            open.radial(kernels, scratch, into);
                        });
        return new PatchModel(
                patches, linear, principal, landmarks, radial.solve(Surrogates.RIDGE));
    }

    /** The map from features to the leading principal coordinates of standardised ones. */
    private static Machine principal(
            Kernels kernels, Matrix standardised, double[] mean, double[] scale) {
        int m = mean.length;
        int kept = COORDINATES;
        Matrix vectors = new Matrix(m, m);
        vectors.data().put(0, standardised.data(), 0, m * m);
        DoubleBuffer values = new Matrix(1, m).data();
        kernels.leadingEigen(m, kept, vectors.data(), values);
        float[] weights = new float[m * kept];
        float[] offsets = new float[kept];
        for (int k = 0; k < kept; k++) {
            double offset = 0;
            for (int j = 0; j < m; j++) {
                double weight = vectors.get(m - 1 - k, j) * scale[j];
                weights[j * kept + k] = (float) weight;
                offset -= weight * mean[j];
            }
            offsets[k] = (float) offset;
        }
        return new Machine(weights, offsets);
    }

    /** What asking about groups of rows takes. */
    static final class Scratch {
        /** Features of an image. */
        private final float[] image = new float[FEATURES];

        /** Features x rows. */
        private final float[] features;

        private final int rows;
        private final Machine.Outputs coordinates;
        private final double[] row = new double[COORDINATES];
        private final Landmarks.Rows group;
        private final Machine.Outputs linear;
        private final Machine.Outputs radial;

        Scratch(int rows, int classes) {
            this.rows = rows;
            this.features = new float[rows * FEATURES];
            this.coordinates = new Machine.Outputs(rows, COORDINATES);
            this.group = new Landmarks.Rows(rows, COORDINATES);
            this.linear = new Machine.Outputs(rows, classes);
            this.radial = new Machine.Outputs(rows, classes);
        }

        /** Takes the features of some images of a block. */
        void takeImages(SinglePatches single, Projected block, int from, int some) {
            for (int i = 0; i < some; i++) {
                takeImage(single, block, from + i, i);
            }
        }

        private void takeImage(SinglePatches single, Projected block, int from, int row) {
            single.of(block, from, image, 0);
            for (int j = 0; j < FEATURES; j++) {
                features[j * rows + row] = image[j];
            }
        }

        /** Adds the features of the first rows, row after row. */
        private void addTo(double[] sums, int some) {
            for (int j = 0; j < FEATURES; j++) {
                for (int i = 0; i < some; i++) {
                    sums[j] += features[j * rows + i];
                }
            }
        }

        private void project(Machine principal) {
            principal.begin(coordinates);
            principal.add(0, FEATURES, features, coordinates);
        }

        private void row(int i) {
            for (int k = 0; k < row.length; k++) {
                row[k] = coordinates.get(i, k);
            }
        }
    }

    PatchFeatures patches() {
        return patches;
    }

    /** Returns the outputs of the regression. */
    Machine.Outputs linear(Scratch scratch) {
        linear.begin(scratch.linear);
        linear.add(0, FEATURES, scratch.features, scratch.linear);
        return scratch.linear;
    }

    /** Returns the outputs of the kernel machine. */
    Machine.Outputs radial(Kernels kernels, Scratch scratch) {
        radial.begin(scratch.radial);
        radial(
                kernels,
                scratch,
                (from, width, values) -> radial.add(from, width, values, scratch.radial));
        return scratch.radial;
    }

    private void radial(Kernels kernels, Scratch scratch, Landmarks.Panel into) {
        scratch.project(principal);
        for (int i = 0; i < scratch.rows; i++) {
            scratch.row(i);
            landmarks.take(scratch.row, scratch.group, i);
        }
        landmarks.squared(
                kernels,
                scratch.group,
                (from, width, values) -> {
                    Exponentials.negative(values, scratch.rows * width);
                    into.take(from, width, values);
                });
    }

    void write(DataOutput out) throws IOException {
        patches.write(out);
        linear.write(out);
        principal.write(out);
        landmarks.write(out);
        radial.write(out);
    }

    static PatchModel read(DetectorInput in, int tap) throws IOException {
        PatchFeatures patches = PatchFeatures.read(in, in.columns(tap));
        Machine linear = Machine.read(in, PatchFeatures.count(), in.classes());
        Machine principal = Machine.read(in, PatchFeatures.count(), COORDINATES);
        Landmarks landmarks = Landmarks.read(in, COORDINATES);
        return new PatchModel(
                patches,
                linear,
                principal,
                landmarks,
                Machine.read(in, landmarks.count(), in.classes()));
    }
}
