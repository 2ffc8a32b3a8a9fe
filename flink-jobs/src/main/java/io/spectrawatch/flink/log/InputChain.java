package io.spectrawatch.flink.log;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 chain over record values: h_0 = 32 zero bytes, h_i = SHA-256(h_{i-1} ||
 * SHA-256(value_i)).
 */
public final class InputChain {

    /** Bytes of a link. */
    public static final int BYTES = 32;

    private final MessageDigest sha256 = sha256();

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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
