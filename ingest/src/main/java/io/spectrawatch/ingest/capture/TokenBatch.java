package io.spectrawatch.ingest.capture;

/**
 * Texts as a model reads them; every array is samples x length, row-major.
 *
 * @param ids token ids
 * @param mask 1 for tokens, 0 for padding
 * @param types segment ids
 * @param special 1 for tokens that the tokenizer has added, padding included
 */
record TokenBatch(int samples, int length, long[] ids, long[] mask, long[] types, long[] special) {

    boolean isPadding(int sample, int token) {
        return mask[sample * length + token] == 0;
    }

    boolean isText(int sample, int token, boolean specialTokens) {
        int at = sample * length + token;
        return mask[at] == 1 && (specialTokens || special[at] == 0);
    }
}
