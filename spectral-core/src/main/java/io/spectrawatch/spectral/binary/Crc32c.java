package io.spectrawatch.spectral.binary;

import java.util.zip.CRC32C;

/** CRC-32C (RFC 3720, Castagnoli), which tells damaged bytes from whole ones. */
public final class Crc32c {
    private Crc32c() {}

    /** Returns the checksum of the first {@code count} bytes. */
    public static int of(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
