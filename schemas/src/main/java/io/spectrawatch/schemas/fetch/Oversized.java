package io.spectrawatch.schemas.fetch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a consumer hands out in the place of a record that is too large to be read.
 *
 * <pre>
 * value  0   9 bytes  magic "SWTOOBIG" and version 1
 *        9   8 bytes  bytes of the record, decompressed; -1 where the batch's limit came first
 *       17   8 bytes  the limit that it exceeds, in bytes
 * key    the record's own, unless that is larger than {@value #KEY_BYTES} bytes; then none
 * </pre>
 *
 * <p>Big-endian. A client can send these bytes as well; they are no snapshot and are refused like
 * the record that they speak of, so nothing is won by it.
 *
 * @param bytes of the record, -1 if unknown
 * @param limit that was exceeded, in bytes
 */
public record Oversized(long bytes, long limit) {

    /** A key is an id; what is longer is not kept. */
    static final int KEY_BYTES = 4096;

    private static final byte[] MAGIC = "SWTOOBIG\u0001".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = MAGIC.length + 2 * Long.BYTES;
    private static final long UNKNOWN = -1;

    /** A record that was skipped, of known size. */
    static Oversized record(long bytes, FetchLimits limits) {
        return new Oversized(bytes, limits.recordBytes());
    }

    /** A record behind the point to which its batch was decompressed. */
    static Oversized behind(FetchLimits limits) {
        return new Oversized(UNKNOWN, limits.batchBytes());
    }

    /** Reads the value of a record; empty if it is any other value. */
    public static Optional<Oversized> parse(byte[] value) {
        if (value == null
                || value.length != LENGTH
                || !Arrays.equals(value, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        ByteBuffer rest = ByteBuffer.wrap(value, MAGIC.length, LENGTH - MAGIC.length);
        return Optional.of(new Oversized(rest.getLong(), rest.getLong()));
    }

    ByteBuffer toValue() {
        return ByteBuffer.allocate(LENGTH).put(MAGIC).putLong(bytes).putLong(limit).flip();
    }

    /** What was allowed and what was found, in words. */
    public String message() {
        return bytes == UNKNOWN
                ? "the records of a compressed batch may have "
                        + limit
                        + " bytes together, this one stands behind them and was not read; send"
                        + " smaller batches"
                : "a record may have "
                        + limit
                        + " bytes when decompressed, found "
                        + bytes
                        + "; it was not read, the offset leads to it; split it by samples";
    }
}
