package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * {@link PatchFeatures} in fp32: an image is one product, and what it takes is kept for the next.
 * For one thread at a time.
 */
public final class SinglePatches {
    private final ImageGrid grid;
    private final int tap;
    private final int numbers;
    private final int exemplars;
    private final int cells;
    private final int down;
    private final int across;

    /** Numbers of a patch x exemplars. */
    private final FloatBuffer filters;

    /** Of a response from above its threshold, and from below. */
    private final float[] above;

    private final float[] below;

    private final double[] row;
    private final float[] planes;

    /** Places x numbers; so many that where a patch stands does not show in its bits. */
    private final float[] patches;

    private final float[] responses;

    /** Of one place. */
    private final float[] response;

    /** Sums over a cell, cells x exemplars. */
    private final float[][] high;

    private final float[][] low;

    SinglePatches(
            ImageGrid grid,
            int tap,
            int cells,
            int down,
            int across,
            double[] filters,
            double[] offsets,
            double[] thresholds) {
        this.grid = grid;
        this.tap = tap;
        this.cells = cells;
        this.down = down;
        this.across = across;
        this.exemplars = offsets.length;
        this.numbers = filters.length / exemplars;
        this.filters =
                ByteBuffer.allocateDirect(filters.length * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        for (int i = 0; i < filters.length; i++) {
            this.filters.put(i, (float) filters[i]);
        }
        this.above = new float[exemplars];
        this.below = new float[exemplars];
        for (int k = 0; k < exemplars; k++) {
            above[k] = (float) (offsets[k] - thresholds[k]);
            below[k] = (float) (-offsets[k] - thresholds[k]);
        }
        this.row = new double[grid.columns()];
        this.planes = new float[grid.channels() * grid.lines() * grid.pixels()];
        int even = (down * across + Kernels.EVEN_ROWS - 1) / Kernels.EVEN_ROWS;
        this.patches = new float[even * Kernels.EVEN_ROWS * numbers];
        this.responses = new float[even * Kernels.EVEN_ROWS * exemplars];
        this.response = new float[exemplars];
        this.high = new float[cells * cells][exemplars];
        this.low = new float[cells * cells][exemplars];
    }

    /** Writes the features of a row from an index on. */
    public void of(Projected block, int from, float[] out, int at) {
        block.raw(tap, from, row);
        grid.planes(row, planes);
        cut();
        int places = patches.length / numbers;
        block.kernels().singleProduct(places, numbers, exemplars, patches, filters, responses);
        for (int cell = 0; cell < cells * cells; cell++) {
            Arrays.fill(high[cell], 0);
            Arrays.fill(low[cell], 0);
        }
        for (int line = 0; line < down; line++) {
            for (int pixel = 0; pixel < across; pixel++) {
                int cell = line * cells / down * cells + pixel * cells / across;
                int place = line * across + pixel;
                System.arraycopy(responses, place * exemplars, response, 0, exemplars);
                add(response, above, below, high[cell], low[cell]);
            }
        }
        for (int cell = 0; cell < cells * cells; cell++) {
            int to = at + cell * 2 * exemplars;
            System.arraycopy(high[cell], 0, out, to, exemplars);
            System.arraycopy(low[cell], 0, out, to + exemplars, exemplars);
        }
    }

    /** Arrays of their own and one index: only so the virtual machine makes it vectors. */
    private static void add(
            float[] response, float[] above, float[] below, float[] high, float[] low) {
        for (int k = 0; k < response.length; k++) {
            high[k] = high[k] + Math.max(0, response[k] + above[k]);
        }
        for (int k = 0; k < response.length; k++) {
            low[k] = low[k] + Math.max(0, below[k] - response[k]);
        }
    }

    private void cut() {
        int at = 0;
        int side = PatchFeatures.SIDE;
        int pixels = grid.pixels();
        for (int line = 0; line < down; line++) {
            for (int pixel = 0; pixel < across; pixel++) {
                for (int c = 0; c < grid.channels(); c++) {
                    int first = (c * grid.lines() + line * PatchFeatures.STRIDE) * pixels;
                    int from = first + pixel * PatchFeatures.STRIDE;
                    for (int y = 0; y < side; y++) {
                        for (int x = 0; x < side; x++) {
                            patches[at + x] = planes[from + x];
                        }
                        at += side;
                        from += pixels;
                    }
                }
            }
        }
    }
}
