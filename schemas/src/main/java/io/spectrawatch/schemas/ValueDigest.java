package io.spectrawatch.schemas;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The digest of a snapshot that ingest writes beside it into the validated log, so that an audit
 * whose input chain does not fit can name the record that changed.
 *
 * <pre>
 *   header "spectrawatch.sha256": 32 bytes, SHA-256 of the record's value
 * </pre>
 *
 * <p>It finds what changed by accident or by someone who left the headers alone; proof is the chain
 * in the manifests, which whoever rewrites the log cannot reach.
 */
public final class ValueDigest {

    /** Name of the header. */
    public static final String HEADER = "spectrawatch.sha256";

    private ValueDigest() {}

    /** SHA-256 of a record's value, 32 bytes. */
    public static byte[] of(byte[] value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
