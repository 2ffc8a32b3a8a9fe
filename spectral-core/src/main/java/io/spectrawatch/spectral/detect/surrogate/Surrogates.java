package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.SinglePatches;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Models of one tap fitted to the model's own answers, and by how much each prefers another class
 * than the one answered: best other output less that of the answer.
 */
public final class Surrogates {
    /** Ridge per row of kernel machines, whose features lie in [0, 1]. */
    static final double RIDGE = 1e-6;

    /** Leading coordinates of a row; the trailing ones add about the same to every distance. */
    private static final int COORDINATES = 128;

    /** Landmarks of kernel machines. */
    private static final int MOST_LANDMARKS = 2500;

    /** A landmark has at least another row beside it, or the rows would be learnt by heart. */
    private static final int ROWS_PER_LANDMARK = 2;

    /** The models. */
    public enum Part {
        /** A kernel machine whose features fall to 1/e at half the median squared distance. */
        WIDE("kernel-evidence-wide", true, true),
        /** One whose features fall to 1/e at an eighth of it. */
        NARROW("kernel-evidence-narrow", true, true),
        /** The three nearest rows of the class answered, and of the best other class. */
        NEAREST("nearest-evidence", false, true),
        /** A regression on what the patches of an image look like. */
        PATCHES("patch-evidence", true, false),
        /** A kernel machine on the same. */
        PATCH_KERNEL("patch-kernel-evidence", true, false);

        private final String label;
        private final boolean ofImages;
        private final boolean ofOthers;

        Part(String label, boolean ofImages, boolean ofOthers) {
            this.label = label;
            this.ofImages = ofImages;
            this.ofOthers = ofOthers;
        }

        /** Returns what the score is called. */
        public String label() {
            return label;
        }
    }

    /**
     * What the models say of the rows of a block.
     *
     * @param evidence by part; null where there is no such model
     * @param favoured the class that the narrow kernel machine prefers
     */
    public record Opinions(double[][] evidence, int[] favoured) {}

    private final int tap;
    private final int classes;

    /** The first landmark of each class, and one past the last of all. */
    private final int[] starts;

    private final Landmarks landmarks;

    /**
     * Rows that are only looked at for the nearest, with their starts; null where there are none.
     */
    private final Landmarks others;

    private final int[] otherStarts;
    private final Machine wide;
    private final Machine narrow;

    /** Null where the tap holds no images. */
    private final PatchModel patches;

    private Surrogates(
            int tap,
            int[] starts,
            Landmarks landmarks,
            int[] otherStarts,
            Landmarks others,
            Machine wide,
            Machine narrow,
            PatchModel patches) {
        this.tap = tap;
        this.classes = starts.length - 1;
        this.starts = starts;
        this.landmarks = landmarks;
        this.otherStarts = otherStarts;
        this.others = others;
        this.wide = wide;
        this.narrow = narrow;
        this.patches = patches;
    }

    /**
     * Fits the models.
     *
     * @param image what the rows of the tap are images of, if they are
     * @param nearest rows that the nearest are searched among, where they are no images; at least
     *     the landmarks are
     * @throws ArithmeticException if the reference is degenerate in fp64, or too long for fp32
     */
    public static Surrogates fit(
            Projected reference,
            int tap,
            int classes,
            Optional<ImageGrid> image,
            int nearest,
            long seed) {
        Kernels kernels = reference.kernels();
        Matrix all = reference.coordinates(tap);
        int[] ordered = byClass(reference.predicted(), classes);
        int most = Math.min(MOST_LANDMARKS, ordered.length / ROWS_PER_LANDMARK);
        int[] places = Coreset.choose(ordered.length, most);
        int[] chosen = Arrays.stream(places).map(place -> ordered[place]).toArray();
        int[] starts = starts(chosen, reference.predicted(), classes);
        int width = Math.min(COORDINATES, all.columns());
        Landmarks landmarks = Landmarks.of(kernels, all.select(chosen, most).columns(width));
        int[] rest = image.isPresent() ? new int[0] : rest(ordered, places, nearest - most);
        Landmarks others =
                rest.length == 0
                        ? null
                        : landmarks.others(all.select(rest, rest.length).columns(width));
        boolean soft = image.isPresent();
        Machine wide = radial(reference, tap, classes, soft, landmarks, false);
        Machine narrow = radial(reference, tap, classes, soft, landmarks, true);
        PatchModel patches =
                soft ? PatchModel.fit(reference, tap, image.get(), classes, chosen, seed) : null;
        int[] otherStarts = starts(rest, reference.predicted(), classes);
        return new Surrogates(tap, starts, landmarks, otherStarts, others, wide, narrow, patches);
    }

    /** Returns the first of each class among rows class by class, and one past the last of all. */
    private static int[] starts(int[] rows, int[] predicted, int classes) {
        int[] starts = new int[classes + 1];
        for (int row : rows) {
            starts[predicted[row] + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        return starts;
    }

    /** Returns some of the rows that are not at these places, evenly spaced. */
    private static int[] rest(int[] ordered, int[] places, int wanted) {
        int[] left = new int[ordered.length - places.length];
        int count = 0;
        for (int i = 0; i < ordered.length; i++) {
            if (Arrays.binarySearch(places, i) < 0) {
                left[count++] = ordered[i];
            }
        }
        int[] chosen = Coreset.choose(left.length, Math.max(0, wanted));
        return Arrays.stream(chosen).map(i -> left[i]).toArray();
    }

    /** Rows class by class, each in its order. */
    private static int[] byClass(int[] predicted, int classes) {
        int[] ordered = new int[predicted.length];
        int count = 0;
        for (int c = 0; c < classes; c++) {
            int[] own = Gaussians.rowsOf(predicted, c);
            System.arraycopy(own, 0, ordered, count, own.length);
            count += own.length;
        }
        return ordered;
    }

    private static Machine radial(
            Projected reference,
            int tap,
            int classes,
            boolean soft,
            Landmarks landmarks,
            boolean narrow) {
        Landmarks.Rows group = new Landmarks.Rows(Regression.GROUP, landmarks.coordinates());
        Matrix all = reference.coordinates(tap);
        double[] row = new double[all.columns()];
        Regression.Features features =
                (first, some, into) -> {
                    for (int i = 0; i < some; i++) {
                        all.row(first + i, row);
                        landmarks.take(row, group, i);
                    }
                    landmarks.squared(
                            reference.kernels(),
                            group,
                            (from, width, values) -> {
                                Exponentials.negative(values, group.count() * width);
                                if (narrow) {
                                    Exponentials.fourth(values, group.count() * width);
                                }
                                into.take(from, width, values);
                            });
                };
        return Regression.over(reference, classes, landmarks.count(), soft, features).solve(RIDGE);
    }

    /** Returns the models there are. */
    public List<Part> parts() {
        return Arrays.stream(Part.values())
                .filter(part -> patches == null ? part.ofOthers : part.ofImages)
                .toList();
    }

    /** Returns what the models say, computed once for all scores that ask. */
    public Opinions of(Projected block) {
        return block.kept(this, () -> new Asked(block).run());
    }

    /** The models asked about a block. */
    private final class Asked {
        private final Projected block;
        private final Kernels kernels;
        private final Landmarks.Rows group;
        private final Nearest nearest;
        private final Machine.Outputs widely;
        private final Machine.Outputs narrowly;
        private final double[][] evidence = new double[Part.values().length][];
        private final int[] favoured;

        Asked(Projected block) {
            this.block = block;
            this.kernels = block.kernels();
            this.favoured = new int[block.rows()];
            int rows = Landmarks.groupRows(block.rows());
            this.group = new Landmarks.Rows(rows, landmarks.coordinates());
            this.nearest = patches == null ? new Nearest(rows, classes) : null;
            this.widely = new Machine.Outputs(rows, classes);
            this.narrowly = new Machine.Outputs(rows, classes);
            for (Part part : parts()) {
                evidence[part.ordinal()] = new double[block.rows()];
            }
        }

        Opinions run() {
            Matrix coordinates = block.coordinates(tap);
            double[] row = new double[coordinates.columns()];
            for (int from = 0; from < block.rows(); from += group.count()) {
                int some = Math.min(group.count(), block.rows() - from);
                for (int i = 0; i < some; i++) {
                    coordinates.row(from + i, row);
                    landmarks.take(row, group, i);
                }
                radial();
                if (others != null) {
                    others.squared(
                            kernels,
                            group,
                            (at, width, values) -> nearest.add(otherStarts, at, width, values));
                }
                take(Part.WIDE, widely, from, some);
                take(Part.NARROW, narrowly, from, some);
                for (int i = 0; i < some; i++) {
                    favoured[from + i] = narrowly.largest(i);
                    if (nearest != null) {
                        int answered = block.predicted()[from + i];
                        evidence[Part.NEAREST.ordinal()][from + i] = nearest.evidence(i, answered);
                    }
                }
            }
            if (patches != null) {
                patches();
            }
            return new Opinions(evidence, favoured);
        }

        private void radial() {
            wide.begin(widely);
            narrow.begin(narrowly);
            if (nearest != null) {
                nearest.begin();
            }
            landmarks.squared(
                    kernels,
                    group,
                    (from, width, values) -> {
                        if (nearest != null) {
                            nearest.add(starts, from, width, values);
                        }
                        Exponentials.negative(values, group.count() * width);
                        wide.add(from, width, values, widely);
                        Exponentials.fourth(values, group.count() * width);
                        narrow.add(from, width, values, narrowly);
                    });
        }

        private void patches() {
            PatchModel.Scratch scratch = patches.scratch(group.count(), classes);
            SinglePatches single = patches.patches().single(tap);
            for (int from = 0; from < block.rows(); from += group.count()) {
                int some = Math.min(group.count(), block.rows() - from);
                for (int i = 0; i < some; i++) {
                    single.of(block, from + i, scratch.image, 0);
                    scratch.take(scratch.image, 0, i);
                }
                take(Part.PATCHES, patches.linear(scratch), from, some);
                take(Part.PATCH_KERNEL, patches.radial(kernels, scratch), from, some);
            }
        }

        private void take(Part part, Machine.Outputs outputs, int from, int some) {
            double[] values = evidence[part.ordinal()];
            for (int i = 0; i < some; i++) {
                values[from + i] = outputs.evidence(i, block.predicted()[from + i]);
            }
        }
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(landmarks.coordinates());
        for (int c = 0; c < classes; c++) {
            out.writeInt(starts[c + 1] - starts[c]);
        }
        landmarks.write(out);
        out.writeBoolean(others != null);
        if (others != null) {
            for (int c = 0; c < classes; c++) {
                out.writeInt(otherStarts[c + 1] - otherStarts[c]);
            }
            others.write(out);
        }
        wide.write(out);
        narrow.write(out);
        out.writeBoolean(patches != null);
        if (patches != null) {
            patches.write(out);
        }
    }

    /** Reads the models of a tap. */
    public static Surrogates read(DetectorInput in, int tap) throws IOException {
        int coordinates = in.integer("coordinates", 1, Math.min(COORDINATES, in.width(tap)));
        int[] starts = starts(in);
        Landmarks landmarks = landmarks(in, coordinates, starts);
        boolean more = in.flag();
        int[] otherStarts = more ? starts(in) : new int[in.classes() + 1];
        return new Surrogates(
                tap,
                starts,
                landmarks,
                otherStarts,
                more ? landmarks(in, coordinates, otherStarts) : null,
                Machine.read(in, landmarks.count(), in.classes()),
                Machine.read(in, landmarks.count(), in.classes()),
                in.flag() ? PatchModel.read(in, tap) : null);
    }

    private static int[] starts(DetectorInput in) throws IOException {
        int[] starts = new int[in.classes() + 1];
        for (int c = 0; c < in.classes(); c++) {
            starts[c + 1] = starts[c] + in.integer("rows of a class", 0, Landmarks.MOST);
        }
        return starts;
    }

    private static Landmarks landmarks(DetectorInput in, int coordinates, int[] starts)
            throws IOException {
        Landmarks landmarks = Landmarks.read(in, coordinates);
        if (starts[in.classes()] != landmarks.count()) {
            throw new IOException(
                    landmarks.count() + " rows expected, found " + starts[in.classes()]);
        }
        return landmarks;
    }
}
