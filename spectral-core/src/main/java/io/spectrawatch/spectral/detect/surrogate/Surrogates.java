package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.Projected;
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
 *
 * <pre>
 *   int coordinates | landmarks with their unit | classes x int rows of a class
 *   boolean, then where there are other rows: landmarks | classes x int rows of a class
 *   wide machine | narrow machine
 *   boolean, then where the tap holds images, and no other rows: patch model
 * </pre>
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

    /**
     * The models, and what they compare with.
     *
     * @param others rows that are only looked at for the nearest; null where there are none
     * @param patches null where the tap holds no images
     */
    record Models(
            int tap,
            int classes,
            ClassLandmarks landmarks,
            ClassLandmarks others,
            Machine wide,
            Machine narrow,
            PatchModel patches) {
        List<Part> parts() {
            return Arrays.stream(Part.values())
                    .filter(part -> patches == null ? part.ofOthers : part.ofImages)
                    .toList();
        }
    }

    private final Models models;

    private Surrogates(Models models) {
        this.models = models;
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
        int width = Math.min(COORDINATES, all.columns());
        Landmarks landmarks = Landmarks.of(kernels, all.select(chosen, most).columns(width));
        boolean soft = image.isPresent();
        int[] rest = soft ? new int[0] : rest(ordered, places, nearest - most);
        ClassLandmarks others =
                rest.length == 0
                        ? null
                        : ClassLandmarks.of(
                                landmarks.others(all.select(rest, rest.length).columns(width)),
                                rest,
                                reference.predicted(),
                                classes);
        return new Surrogates(
                new Models(
                        tap,
                        classes,
                        ClassLandmarks.of(landmarks, chosen, reference.predicted(), classes),
                        others,
                        radial(reference, tap, classes, soft, landmarks, false),
                        radial(reference, tap, classes, soft, landmarks, true),
                        soft
                                ? PatchModel.fit(reference, tap, image.get(), classes, chosen, seed)
                                : null));
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
        Landmarks.Rows group = new Landmarks.Rows(Landmarks.GROUP, landmarks.coordinates());
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
        return models.parts();
    }

    /** Returns what the models say, computed once for all scores that ask. */
    public Opinions of(Projected block) {
        return block.kept(
                this, () -> block.lasting(this, () -> new Asked(models, block)).of(block));
    }

    /** Writes the models, without the tap. */
    public void write(DataOutput out) throws IOException {
        Landmarks landmarks = models.landmarks.rows();
        out.writeInt(landmarks.coordinates());
        landmarks.write(out);
        models.landmarks.writeCounts(out);
        out.writeBoolean(models.others != null);
        if (models.others != null) {
            models.others.rows().writeRows(out);
            models.others.writeCounts(out);
        }
        models.wide.write(out);
        models.narrow.write(out);
        out.writeBoolean(models.patches != null);
        if (models.patches != null) {
            models.patches.write(out);
        }
    }

    /**
     * Reads the models of a tap.
     *
     * @throws IOException if the bytes are anything else
     */
    public static Surrogates read(DetectorInput in, int tap) throws IOException {
        int coordinates = in.integer("coordinates", 1, Math.min(COORDINATES, in.width(tap)));
        ClassLandmarks landmarks = ClassLandmarks.read(in, Landmarks.read(in, coordinates));
        boolean more = in.flag();
        ClassLandmarks others =
                more ? ClassLandmarks.read(in, landmarks.rows().readOthers(in)) : null;
        int count = landmarks.rows().count();
        Machine wide = Machine.read(in, count, in.classes());
        Machine narrow = Machine.read(in, count, in.classes());
        boolean images = in.flag();
        if (images && more) {
            throw new IOException("no other rows expected beside patches, found some");
        }
        PatchModel patches = images ? PatchModel.read(in, tap) : null;
        return new Surrogates(
                new Models(tap, in.classes(), landmarks, others, wide, narrow, patches));
    }
}
