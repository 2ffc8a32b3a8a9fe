package io.spectrawatch.flink.blob;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.binary.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * How a blob lies in its topic.
 *
 * <pre>
 *   hash/chunk/0 .. hash/chunk/(n - 1)   the pieces, {@value #CHUNK_BYTES} bytes each but the last
 *   a key of the topic's own             the entry, written after the last piece
 * </pre>
 *
 * The hash is the SHA-256 of the pieces joined, so writing a blob again changes nothing.
 */
public final class BlobFormat {

    /**
     * Bytes of a piece: with its key and framing it stays below 1 MiB, which every broker and
     * client takes unless told otherwise.
     */
    static final int CHUNK_BYTES = (1 << 20) - (1 << 12);

    /** Largest blob: what one array holds. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private static final int HASH_DIGITS = 64;

    private BlobFormat() {}

    public static String chunkKey(String hash, int index) {
        return Topics.key(hash, "chunk", Integer.toString(index));
    }

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** A record's key as text; empty for none. */
    public static String text(byte[] key) {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    /** Pieces of a blob of so many bytes, at least one. */
    public static int chunks(long bytes) {
        return Math.max(1, (int) ((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES));
    }

    /** SHA-256 in hex, 64 lower-case digits. */
    public static String hash(byte[] blob) {
        return Sha256.hex(blob);
    }

    static boolean isHash(String text) {
        return text != null && text.length() == HASH_DIGITS && isHex(text);
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
