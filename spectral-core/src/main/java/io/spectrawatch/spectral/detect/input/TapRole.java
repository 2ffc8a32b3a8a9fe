package io.spectrawatch.spectral.detect.input;

/** What a tapped tensor is to the model. */
public enum TapRole {
    /** The model's own input. */
    INPUT,
    /** Something between input and embedding. */
    HIDDEN,
    /** What the head reads. */
    EMBEDDING,
    /** What the head returns, one column per class or token. */
    LOGITS
}
