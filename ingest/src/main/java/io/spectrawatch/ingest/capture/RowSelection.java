package io.spectrawatch.ingest.capture;

/**
 * Which rows of a tensor become rows of a layer.
 *
 * @param tokens what a tensor of shape (samples, tokens, columns) gives
 * @param specialTokens whether tokens such as [CLS] and [SEP] take part; their activations are
 *     massive and alike in every sample, and would outweigh the text. Padding never takes part
 * @param maxRowsPerSample at most so many tokens or positions of a sample, spread evenly over it
 * @param featureMaps what a tensor of shape (samples, channels, one to three sizes) gives. Three
 *     sizes in all, (samples, a, b), are tokens unless the graph says that a counts channels: a
 *     convolution, pooling or normalisation over channels returns it, or an element-wise operator
 *     behind one
 */
public record RowSelection(
        Tokens tokens, boolean specialTokens, int maxRowsPerSample, FeatureMaps featureMaps) {

    /** Rows of a tensor with tokens. */
    public enum Tokens {
        /** One row per token. */
        EACH,
        /** Their mean, one row per sample. */
        MEAN,
        /** The last of them, one row per sample. */
        LAST
    }

    /** Rows of a tensor with feature maps. */
    public enum FeatureMaps {
        /** One row per sample, of channels x positions columns. */
        FLATTEN,
        /** One row per sample, of one column per channel: its mean over all positions. */
        POOL,
        /** One row per position, of one column per channel. */
        EACH
    }

    /** Checks the row limit. */
    public RowSelection {
        if (maxRowsPerSample < 1) {
            throw new IllegalArgumentException(
                    "maxRowsPerSample must be at least 1, found " + maxRowsPerSample);
        }
    }

    /** Every token of the text; feature maps pooled. */
    public static RowSelection defaults() {
        return new RowSelection(Tokens.EACH, false, Integer.MAX_VALUE, FeatureMaps.POOL);
    }

    public RowSelection withTokens(Tokens rows) {
        return new RowSelection(rows, specialTokens, maxRowsPerSample, featureMaps);
    }

    public RowSelection withSpecialTokens(boolean kept) {
        return new RowSelection(tokens, kept, maxRowsPerSample, featureMaps);
    }

    public RowSelection withMaxRowsPerSample(int rows) {
        return new RowSelection(tokens, specialTokens, rows, featureMaps);
    }

    public RowSelection withFeatureMaps(FeatureMaps rows) {
        return new RowSelection(tokens, specialTokens, maxRowsPerSample, rows);
    }
}
