package io.spectrawatch.spectral.sketch;

/** How a second moment is kept. */
public enum SketchKind {
    /** Chosen from the dimension and the memory cap by {@link SketchOptions#resolve}. */
    AUTO,
    /** The full d x d second moment: no truncation error. */
    EXACT,
    /** Block alpha-Frequent-Directions: l x d state with an exact error ledger. */
    FREQUENT_DIRECTIONS
}
