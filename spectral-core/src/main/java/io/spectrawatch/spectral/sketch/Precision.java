package io.spectrawatch.spectral.sketch;

/** Arithmetic of the products with new rows; the state is fp64 in either case. */
public enum Precision {
    /** fp64 products: exact for fp32 inputs up to summation. */
    FP64,
    /** Leading directions in fp64, the residual in fp32, with its larger rounding in the ledger. */
    DEFLATED
}
