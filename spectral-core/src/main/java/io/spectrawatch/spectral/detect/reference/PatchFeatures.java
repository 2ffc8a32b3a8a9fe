package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * What the small parts of an image look like and about where: responses of whitened patches to
 * patches of the reference, rectified on both sides of a threshold and averaged over the cells of a
 * coarse grid (after Coates, Ng and Lee, AISTATS 2011). An image moved by a pixel keeps them.
 *
 * <p>A patch responds to exemplar q with (p - mean)'S⁻¹(q - mean), over the length of the whitened
 * exemplar; S is the covariance of patches with a ridge.
 *
 * <pre>
 *   image grid | filters, numbers of a patch x exemplars | offsets | thresholds
 * </pre>
 */
public final class PatchFeatures {
    /** Pixels on a side of a patch, and from one patch to the next. */
    static final int SIDE = 6;

    static final int STRIDE = 2;

    private static final int EXEMPLARS = 32;

    /** Cells on a side of the image. */
    private static final int CELLS = 4;

    /** Responses count from this many standard deviations on. */
    private static final double THRESHOLD = 0.5;

    /** In units of the mean variance: fine noise is not blown up to the size of edges. */
    private static final double RIDGE = 0.1;

    /** Patches that the exemplars and the covariance are taken from. */
    private static final int PATCHES = 1 << 16;

    private final ImageGrid grid;

    /** Numbers of a patch x exemplars. */
    private final Matrix filters;

    private final double[] offsets;
    private final double[] thresholds;

    /** Patches down, and across. */
    private final int down;

    private final int across;

    private PatchFeatures(ImageGrid grid, double[] filters, double[] offsets, double[] thresholds) {
        this.grid = grid;
        this.filters = Matrix.of(numbers(grid), EXEMPLARS, filters);
        this.offsets = offsets;
        this.thresholds = thresholds;
        this.down = (grid.lines() - SIDE) / STRIDE + 1;
        this.across = (grid.pixels() - SIDE) / STRIDE + 1;
    }

    /** Returns how many numbers a patch has. */
    private static int numbers(ImageGrid grid) {
        return grid.channels() * SIDE * SIDE;
    }

    /** Returns how many features an image has. */
    public static int count() {
        return CELLS * CELLS * 2 * EXEMPLARS;
    }

    /**
     * Takes exemplars from reference images, at random places.
     *
     * @throws ArithmeticException if all patches are the same
     */
    public static PatchFeatures fit(Projected reference, int tap, ImageGrid grid, long seed) {
        Random random = new Random(seed);
        Matrix patches = patches(reference, tap, grid, random);
        double[] mean = patches.mean();
        int n = mean.length;
        double[] patch = new double[n];
        for (int i = 0; i < patches.rows(); i++) {
            patches.row(i, patch);
            for (int j = 0; j < n; j++) {
                patch[j] -= mean[j];
            }
            patches.setRow(i, patch);
        }
        SymmetricMatrix covariance = patches.moment(reference.kernels());
        if (!(covariance.trace() > 0)) {
            throw new ArithmeticException("all patches of the images are the same");
        }
        SymmetricMatrix inverse = Gaussians.ridged(covariance, RIDGE).inverse();
        double[] filters = exemplars(patches, inverse, random);
        double[] offsets = new double[EXEMPLARS];
        double[] squares = new double[EXEMPLARS];
        for (int k = 0; k < EXEMPLARS; k++) {
            for (int j = 0; j < n; j++) {
                offsets[k] -= filters[j * EXEMPLARS + k] * mean[j];
            }
        }
        for (int i = 0; i < patches.rows(); i++) {
            patches.row(i, patch);
            for (int k = 0; k < EXEMPLARS; k++) {
                double response = 0;
                for (int j = 0; j < n; j++) {
                    response += patch[j] * filters[j * EXEMPLARS + k];
                }
                squares[k] += response * response;
            }
        }
        double[] thresholds =
                Arrays.stream(squares)
                        .map(sum -> THRESHOLD * Math.sqrt(sum / patches.rows()))
                        .toArray();
        return new PatchFeatures(grid, filters, offsets, thresholds);
    }

    /** Patches of evenly spaced images, as many of each. */
    private static Matrix patches(Projected reference, int tap, ImageGrid grid, Random random) {
        int[] images = Coreset.choose(reference.rows(), PATCHES);
        int each = PATCHES / images.length;
        Matrix patches = new Matrix(images.length * each, numbers(grid));
        double[] row = new double[grid.columns()];
        double[] planes = new double[grid.channels() * grid.lines() * grid.pixels()];
        double[] patch = new double[numbers(grid)];
        for (int i = 0; i < images.length; i++) {
            reference.raw(tap, images[i], row);
            grid.planes(row, planes);
            for (int j = 0; j < each; j++) {
                int line = random.nextInt(grid.lines() - SIDE + 1);
                int pixel = random.nextInt(grid.pixels() - SIDE + 1);
                int at = 0;
                for (int c = 0; c < grid.channels(); c++) {
                    for (int y = 0; y < SIDE; y++) {
                        int from = (c * grid.lines() + line + y) * grid.pixels() + pixel;
                        System.arraycopy(planes, from, patch, at, SIDE);
                        at += SIDE;
                    }
                }
                patches.setRow(i * each + j, patch);
            }
        }
        return patches;
    }

    /** Filters of random patches that are no blank ones: longer, whitened, than the median. */
    private static double[] exemplars(Matrix patches, SymmetricMatrix inverse, Random random) {
        int n = inverse.order();
        int drawn = Math.min(patches.rows(), 2 * EXEMPLARS);
        double[][] filter = new double[drawn][];
        double[] length = new double[drawn];
        double[] patch = new double[n];
        for (int i = 0; i < drawn; i++) {
            patches.row(random.nextInt(patches.rows()), patch);
            filter[i] = inverse.times(patch);
            for (int j = 0; j < n; j++) {
                length[i] += filter[i][j] * patch[j];
            }
        }
        double[] sorted = length.clone();
        Arrays.sort(sorted);
        double[] filters = new double[n * EXEMPLARS];
        int k = 0;
        for (int i = 0; i < drawn && k < EXEMPLARS; i++) {
            if (length[i] >= sorted[drawn / 2]) {
                double scale = Math.max(Math.sqrt(length[i]), Double.MIN_NORMAL);
                for (int j = 0; j < n; j++) {
                    filters[j * EXEMPLARS + k] = filter[i][j] / scale;
                }
                k++;
            }
        }
        return filters;
    }

    /** Returns the features of some rows, one row each. */
    public Matrix of(Projected block, int tap, int from, int count) {
        Matrix out = block.coordinates(tap).sibling(count, count());
        int numbers = numbers(grid);
        int places = down * across;
        // So many that where a patch stands among them does not show in its bits.
        int even = (places + Kernels.EVEN_ROWS - 1) / Kernels.EVEN_ROWS * Kernels.EVEN_ROWS;
        Matrix patches = out.sibling(even, numbers);
        Matrix products = out.sibling(even, EXEMPLARS);
        double[] row = new double[grid.columns()];
        double[] planes = new double[grid.channels() * grid.lines() * grid.pixels()];
        double[] cut = new double[even * numbers];
        double[] responses = new double[places * EXEMPLARS];
        double[] features = new double[count()];
        for (int i = 0; i < count; i++) {
            block.raw(tap, from + i, row);
            grid.planes(row, planes);
            cut(planes, cut);
            patches.data().put(0, cut, 0, cut.length);
            block.kernels()
                    .rotate(
                            even,
                            numbers,
                            EXEMPLARS,
                            patches.data(),
                            0,
                            numbers,
                            filters.data(),
                            false,
                            products.data());
            products.data().get(0, responses, 0, responses.length);
            Arrays.fill(features, 0);
            for (int place = 0; place < places; place++) {
                int cell = place / across * CELLS / down * CELLS + place % across * CELLS / across;
                add(responses, place * EXEMPLARS, features, cell * 2 * EXEMPLARS);
            }
            out.setRow(i, features);
        }
        return out;
    }

    /** Cuts an image into its patches, line by line of them. */
    private void cut(double[] planes, double[] out) {
        int at = 0;
        for (int down = 0; down < this.down; down++) {
            for (int across = 0; across < this.across; across++) {
                for (int c = 0; c < grid.channels(); c++) {
                    for (int y = 0; y < SIDE; y++) {
                        int line = c * grid.lines() + down * STRIDE + y;
                        int from = line * grid.pixels() + across * STRIDE;
                        System.arraycopy(planes, from, out, at, SIDE);
                        at += SIDE;
                    }
                }
            }
        }
    }

    /** Sums over a cell; what would make them means is left to the weights. */
    private void add(double[] responses, int from, double[] features, int at) {
        for (int k = 0; k < EXEMPLARS; k++) {
            double response = offsets[k] + responses[from + k];
            features[at + k] += Math.max(0, response - thresholds[k]);
            features[at + EXEMPLARS + k] += Math.max(0, -response - thresholds[k]);
        }
    }

    /** Returns the same in fp32, of rows of a tap. */
    public SinglePatches single(int tap) {
        return new SinglePatches(
                grid, tap, CELLS, down, across, filters.toArray(), offsets, thresholds);
    }

    public void write(DataOutput out) throws IOException {
        grid.write(out);
        filters.write(out);
        Matrix.of(1, EXEMPLARS, offsets).write(out);
        Matrix.of(1, EXEMPLARS, thresholds).write(out);
    }

    /** Reads features of a tap of so many columns. */
    public static PatchFeatures read(DetectorInput in, int columns) throws IOException {
        ImageGrid grid = ImageGrid.read(in, columns);
        return new PatchFeatures(
                grid,
                in.matrix("patch filters", numbers(grid), EXEMPLARS).toArray(),
                in.vector("patch offsets", EXEMPLARS),
                in.vector("patch thresholds", EXEMPLARS));
    }
}
