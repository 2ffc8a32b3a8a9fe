package io.spectrawatch.spectral.numpy;

/**
 * An array of numbers read from a file, as fp32.
 *
 * @param shape sizes, the first is the number of rows
 * @param values row-major
 */
public record NpyArray(int[] shape, float[] values) {
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
