package io.spectrawatch.ingest.capture;

import java.util.Arrays;

/**
 * An array of numbers that a model is fed.
 *
 * @param shape sizes, the first counts the samples
 * @param values elements, row-major
 */
public record NpyArray(long[] shape, float[] values) {

    /** Checks that the shape accounts for every element. */
    public NpyArray {
        long elements = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new CaptureException(
                        "shape " + Arrays.toString(shape) + " must have sizes from 0");
            }
            elements = Math.multiplyExact(elements, size);
        }
        if (elements != values.length) {
            throw new CaptureException(
                    "shape "
                            + Arrays.toString(shape)
                            + " has "
                            + elements
                            + " elements, found "
                            + values.length);
        }
    }
}
