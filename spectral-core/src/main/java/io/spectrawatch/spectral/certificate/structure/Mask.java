package io.spectrawatch.spectral.certificate.structure;

/** Where an entry of the Physical Alignment Matrix belongs; the three parts are orthogonal. */
public enum Mask {
    /** Column active for this row's group alone. */
    CORE,
    /** Column active for this row's group and another. */
    OVERLAP,
    /** Column not active for this row's group. */
    NOISE
}
