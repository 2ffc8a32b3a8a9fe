package io.spectrawatch.ingest.fetch;

/**
 * How much of a compressed batch is decompressed.
 *
 * @param recordBytes largest record, key, value and headers together, in bytes; larger ones are
 *     skipped
 * @param batchBytes most bytes that a batch may decompress to; what stands behind is not read
 */
public record FetchLimits(int recordBytes, long batchBytes) {

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
