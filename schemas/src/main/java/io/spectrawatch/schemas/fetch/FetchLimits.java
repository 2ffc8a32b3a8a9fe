package io.spectrawatch.schemas.fetch;

import io.spectrawatch.schemas.Topics;

/**
 * How much of a compressed batch is decompressed.
 *
 * @param recordBytes largest record, key, value and headers together, in bytes; larger ones are
 *     skipped
 * @param batchBytes most bytes that a batch may decompress to; what stands behind is not read
 */
public record FetchLimits(int recordBytes, long batchBytes) {

    private static final int LARGEST = Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;

    /**
     * Of what clients send: a batch of the largest size allowed decompresses by a factor of some
     * ten at most when it holds activations, and in a fraction of a second.
     */
    public static final FetchLimits OF_TOPICS = new FetchLimits(LARGEST, 32L * LARGEST);

    /**
     * @throws IllegalArgumentException if a limit is not positive, or a batch may hold less than a
     *     record
     */
    public FetchLimits {
        if (recordBytes < 1 || batchBytes < recordBytes) {
            throw new IllegalArgumentException(
                    "a record must have at least 1 byte and a batch at least those of a record,"
                            + " found "
                            + recordBytes
                            + " and "
                            + batchBytes);
        }
    }
}
