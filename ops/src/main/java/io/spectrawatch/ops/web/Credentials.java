package io.spectrawatch.ops.web;

import io.spectrawatch.spectral.binary.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** An account, compared by digests in a time that depends on neither name nor password. */
final class Credentials {

    private final String name;
    private final byte[] expected;

    Credentials(String name, String password) {
        this.name = name;
        // A name has no colon, so the pair cannot be split in two ways.
        this.expected = digest(name + ':' + password);
    }

    String name() {
        return name;
    }

    /**
     * @param given name and password, a colon between them
     */
    boolean are(String given) {
        return MessageDigest.isEqual(expected, digest(given));
    }

    private static byte[] digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
