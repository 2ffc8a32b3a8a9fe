package io.spectrawatch.spectral.numpy;

import java.util.Arrays;

/**
 * An array of numbers as a file holds them, in fp32.
 *
 * @param shape sizes, at least one; the first is the number of rows
 * @param values row-major
 */
public record NpyArray(int[] shape, float[] values) {
    /**
     * Checks that the shape accounts for every element.
     *
     * @throws IllegalArgumentException if it does not
     */
    public NpyArray {
        boolean sizes = shape.length > 0;
        long elements = 1;
        for (int size : shape) {
            sizes &= size >= 0;
            elements = Math.min(elements * size, 1L << 31);
        }
        if (!sizes || elements != values.length) {
            throw new IllegalArgumentException(
                    "array: a shape of "
                            + values.length
                            + " elements expected, found "
                            + Arrays.toString(shape));
        }
    }

    /** Returns the number of rows. */
    public int rows() {
        return shape[0];
    }

    /** Returns the elements of a row. */
    public int rowSize() {
        int size = 1;
        for (int i = 1; i < shape.length; i++) {
            size *= shape[i];
        }
        return size;
    }
}
