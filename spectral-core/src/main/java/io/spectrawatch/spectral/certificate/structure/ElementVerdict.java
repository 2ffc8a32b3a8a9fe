package io.spectrawatch.spectral.certificate.structure;

/** What is known about one element of the structure against the reference. */
public enum ElementVerdict {
    /** Resolved and as in the reference. */
    SAME,
    /** Resolved and different: a proof about these rows. */
    CHANGED,
    /** The error reaches the margin: nothing is known. */
    UNRESOLVED,
    /** Dropped at calibration. */
    UNCERTIFIED
}
