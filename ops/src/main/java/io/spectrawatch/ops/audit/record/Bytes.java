package io.spectrawatch.ops.audit.record;

import io.spectrawatch.spectral.binary.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** Bytes of records: copies, hex, digests. */
public final class Bytes {

    private Bytes() {}

    /** A copy of what remains; the buffer stays as it is. */
    public static byte[] of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    public static String hex(ByteBuffer buffer) {
        return hex(of(buffer));
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The chain h_i = SHA-256(h_{i-1} || SHA-256(value_i)) from 32 zero bytes, in hex. */
    public static String chain(List<ByteBuffer> values) {
        byte[] link = new byte[32];
        MessageDigest digest = Sha256.digest();
        for (ByteBuffer value : values) {
            byte[] own = digest.digest(of(value));
            digest.update(link);
            link = digest.digest(own);
        }
        return hex(link);
    }
}
