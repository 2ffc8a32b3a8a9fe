package io.spectrawatch.ingest.capture;

import io.spectrawatch.spectral.evaluate.NpyFile;
import java.io.IOException;
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

    /**
     * Reads the content of a file; see {@link NpyFile} for what it may hold.
     *
     * @param name of the file, for errors
     * @throws CaptureException if it is no .npy file, or one of another element type or order
     */
    public static NpyArray parse(String name, byte[] file) {
        try {
            return of(NpyFile.parse(file, name));
        } catch (IOException e) {
            throw new CaptureException(e.getMessage(), e);
        }
    }

    /** Returns an array that was read; its values are not copied. */
    public static NpyArray of(io.spectrawatch.spectral.evaluate.NpyArray read) {
        return new NpyArray(Arrays.stream(read.shape()).asLongStream().toArray(), read.values());
    }
}
