package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.SinglePatches;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.List;

/**
 * What asking {@link Surrogates} takes, kept from one block to the next of as many rows; for one
 * thread at a time.
 */
final class Asked {
    private final Surrogates.Models models;
    private final List<Surrogates.Part> parts;
    private final Kernels kernels;
    private final double[] row;
    private final Landmarks.Rows group;
    private final Machine.Outputs wide;
    private final Machine.Outputs narrow;

    /** Null where the tap holds images. */
    private final Nearest nearest;

    /** Null where the tap holds none, like what cuts them. */
    private final PatchModel.Scratch images;

    private final SinglePatches single;

    Asked(Surrogates.Models models, Projected block) {
        int rows = Landmarks.groupRows(block.rows());
        this.models = models;
        this.parts = models.parts();
        this.kernels = block.kernels();
        this.row = new double[block.coordinates(models.tap()).columns()];
        this.group = new Landmarks.Rows(rows, models.landmarks().rows().coordinates());
        this.wide = new Machine.Outputs(rows, models.classes());
        this.narrow = new Machine.Outputs(rows, models.classes());
        PatchModel patches = models.patches();
        this.nearest = patches == null ? new Nearest(rows, models.classes()) : null;
        this.images = patches == null ? null : new PatchModel.Scratch(rows, models.classes());
        this.single = patches == null ? null : patches.patches().single(models.tap());
    }

    Surrogates.Opinions of(Projected block) {
        double[][] evidence = new double[Surrogates.Part.values().length][];
        for (Surrogates.Part part : parts) {
            evidence[part.ordinal()] = new double[block.rows()];
        }
        Surrogates.Opinions found = new Surrogates.Opinions(evidence, new int[block.rows()]);
        Matrix coordinates = block.coordinates(models.tap());
        for (int from = 0; from < block.rows(); from += group.count()) {
            int some = Math.min(group.count(), block.rows() - from);
            for (int i = 0; i < some; i++) {
                coordinates.row(from + i, row);
                models.landmarks().rows().take(row, group, i);
            }
            compare();
            take(block, wide, from, some, evidence[Surrogates.Part.WIDE.ordinal()]);
            take(block, narrow, from, some, evidence[Surrogates.Part.NARROW.ordinal()]);
            for (int i = 0; i < some; i++) {
                found.favoured()[from + i] = narrow.largest(i);
            }
            if (images == null) {
                double[] values = evidence[Surrogates.Part.NEAREST.ordinal()];
                for (int i = 0; i < some; i++) {
                    values[from + i] = nearest.evidence(i, block.predicted()[from + i]);
                }
            } else {
                patches(block, from, some, evidence);
            }
        }
        return found;
    }

    /** Compares the group with the landmarks, once for all that ask for the distances. */
    private void compare() {
        models.wide().begin(wide);
        models.narrow().begin(narrow);
        if (nearest != null) {
            nearest.begin();
        }
        ClassLandmarks landmarks = models.landmarks();
        landmarks
                .rows()
                .squared(
                        kernels,
                        group,
                        (from, width, values) -> {
                            if (nearest != null) {
                                nearest.add(landmarks.starts(), from, width, values);
                            }
                            Exponentials.negative(values, group.count() * width);
                            models.wide().add(from, width, values, wide);
                            Exponentials.fourth(values, group.count() * width);
                            models.narrow().add(from, width, values, narrow);
                        });
        ClassLandmarks others = models.others();
        if (others != null) {
            others.rows()
                    .squared(
                            kernels,
                            group,
                            (at, width, values) -> nearest.add(others.starts(), at, width, values));
        }
    }

    private void patches(Projected block, int from, int some, double[][] evidence) {
        images.takeImages(single, block, from, some);
        PatchModel model = models.patches();
        take(block, model.linear(images), from, some, evidence[Surrogates.Part.PATCHES.ordinal()]);
        take(
                block,
                model.radial(kernels, images),
                from,
                some,
                evidence[Surrogates.Part.PATCH_KERNEL.ordinal()]);
    }

    private static void take(
            Projected block, Machine.Outputs outputs, int from, int some, double[] into) {
        for (int i = 0; i < some; i++) {
            into[from + i] = outputs.evidence(i, block.predicted()[from + i]);
        }
    }
}
