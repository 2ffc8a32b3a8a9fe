package io.spectrawatch.flink.state;

import io.spectrawatch.spectral.binary.Sha256;
import java.security.MessageDigest;

/**
 * The SHA-256 chain over record values: h_0 = 32 zero bytes, h_i = SHA-256(h_{i-1} ||
 * SHA-256(value_i)).
 */
public final class InputChain {

    /** Bytes of a link. */
    public static final int BYTES = 32;

    private final MessageDigest sha256 = Sha256.digest();

    /** h_0. */
    public static byte[] start() {
        return new byte[BYTES];
    }

    /** SHA-256 of a value. */
    public byte[] digest(byte[] value) {
        return sha256.digest(value);
    }

    /**
     * The next link, a fresh array.
     *
     * @param previous h_{i-1}
     * @param valueDigest SHA-256 of value_i
     */
    public byte[] next(byte[] previous, byte[] valueDigest) {
        sha256.update(previous);
        return sha256.digest(valueDigest);
    }
}
