package io.spectrawatch.spectral;

/** Relative tolerances by the arithmetic they allow for. */
public final class Tolerances {
    /** A few hundred fp64 roundings. */
    public static final double FP64 = 1e-12;

    /** A few hundred fp32 roundings. */
    public static final double FP32 = 1e-4;

    private Tolerances() {}
}
