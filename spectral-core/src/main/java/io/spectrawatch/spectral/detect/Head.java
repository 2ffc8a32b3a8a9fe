package io.spectrawatch.spectral.detect;

/**
 * The last linear layer of a model: logits = W embedding + b.
 *
 * @param weights W, classes x dimension row-major
 * @param bias b, length classes
 */
public record Head(double[] weights, double[] bias) {
    /** Checks the sizes. */
    public Head {
        if (bias.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    "head: weights of classes x dimension for "
                            + bias.length
                            + " classes, found "
                            + weights.length
                            + " elements");
        }
    }

    /** Returns the columns of the embedding. */
    public int dimension() {
        return weights.length / bias.length;
    }
}
