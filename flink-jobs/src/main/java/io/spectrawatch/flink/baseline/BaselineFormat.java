package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How a baseline lies in its topic.
 *
 * <pre>
 *   id/chunk/0 .. id/chunk/(n - 1)   BaselineChunk, {@value #CHUNK_BYTES} bytes each but the last
 *   id/entry                         BaselineEntry, written after the last chunk
 * </pre>
 *
 * The id is the SHA-256 of the chunks joined, so writing a baseline again changes nothing.
 */
final class BaselineFormat {

    /**
     * Bytes of a piece: with its key and framing it stays below 1 MiB, which every broker and
     * client takes unless told otherwise.
     */
    static final int CHUNK_BYTES = (1 << 20) - (1 << 12);

    /** Largest baseline: what one array holds. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private static final int ID_DIGITS = 64;

    private BaselineFormat() {}

    static String chunkKey(String id, int index) {
        return Topics.key(id, "chunk", Integer.toString(index));
    }

    static String entryKey(String id) {
        return Topics.key(id, "entry");
    }

    static boolean isEntryKey(String key) {
        return key.endsWith("/entry");
    }

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] key) {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    static int chunks(int bytes) {
        return Math.max(1, (int) (((long) bytes + CHUNK_BYTES - 1) / CHUNK_BYTES));
    }

    static String id(byte[] baseline) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(baseline));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    static boolean isId(String text) {
        return text != null && text.length() == ID_DIGITS && isHex(text);
    }

    static boolean isHex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
