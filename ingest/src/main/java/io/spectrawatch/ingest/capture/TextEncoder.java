package io.spectrawatch.ingest.capture;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Turns texts into token batches by a Hugging Face {@code tokenizer.json}, offline.
 *
 * <p>Texts are cut at the maximum length and padded to the longest of their batch.
 */
public final class TextEncoder implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private long cutTexts;

    private TextEncoder(HuggingFaceTokenizer tokenizer, int maxTokens) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    /**
     * @param tokenizerJson content of the file
     * @param maxTokens tokens of a text at most, special ones included
     * @throws CaptureException if the content is no tokenizer
     */
    public static TextEncoder of(byte[] tokenizerJson, int maxTokens) {
        stayOffline();
        Map<String, String> options =
                Map.of(
                        "padding",
                        "longest",
                        "truncation",
                        "longest_first",
                        "maxLength",
                        Integer.toString(maxTokens),
                        "modelMaxLength",
                        Integer.toString(maxTokens));
        try {
            return new TextEncoder(
                    HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(tokenizerJson), options),
                    maxTokens);
        } catch (IOException | RuntimeException e) {
            throw new CaptureException("not a tokenizer.json: " + e.getMessage(), e);
        }
    }

    /** The library would otherwise download a build of itself for the GPU it finds. */
    private static void stayOffline() {
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("RUST_FLAVOR", "cpu");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    TokenBatch encode(List<String> texts) {
        Encoding[] encodings = tokenizer.batchEncode(texts);
        int length = encodings[0].getIds().length;
        int size = Math.multiplyExact(encodings.length, length);
        TokenBatch batch =
                new TokenBatch(
                        encodings.length,
                        length,
                        new long[size],
                        new long[size],
                        new long[size],
                        new long[size]);
        for (int i = 0; i < encodings.length; i++) {
            int at = i * length;
            cutTexts += encodings[i].exceedMaxLength() ? 1 : 0;
            System.arraycopy(encodings[i].getIds(), 0, batch.ids(), at, length);
            System.arraycopy(encodings[i].getAttentionMask(), 0, batch.mask(), at, length);
            System.arraycopy(encodings[i].getTypeIds(), 0, batch.types(), at, length);
            System.arraycopy(encodings[i].getSpecialTokenMask(), 0, batch.special(), at, length);
        }
        return batch;
    }

    /** Tokens of a text at most, special ones included. */
    public int maxTokens() {
        return maxTokens;
    }

    /** Texts so far that had more tokens than the maximum. */
    public long cutTexts() {
        return cutTexts;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
