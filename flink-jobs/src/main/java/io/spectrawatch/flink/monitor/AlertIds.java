package io.spectrawatch.flink.monitor;

import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of alerts. */
final class AlertIds {

    private AlertIds() {}

    /** Hash of the escaped and joined parts: equal for a replay, different for any other alert. */
    static String of(String... parts) {
        try {
            byte[] joined = Topics.key(parts).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(joined));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
