package io.spectrawatch.spectral.certificate.moments;

/** Which rows of a pane: all, or one of the two halves its samples were hashed into. */
public enum Part {
    /** Both halves. */
    ALL,
    /** Samples hashed to 0. */
    FIRST,
    /** Samples hashed to 1. */
    SECOND;

    boolean contains(int half) {
        return this == ALL || (this == FIRST) == (half == 0);
    }
}
