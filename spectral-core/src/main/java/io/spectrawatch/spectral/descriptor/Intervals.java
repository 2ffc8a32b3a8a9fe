package io.spectrawatch.spectral.descriptor;

/** Makes intervals that allow for the rounding of their own evaluation. */
final class Intervals {
    /** Some thousand operations' rounding, relative. */
    private static final double EVALUATION = 1e-11;

    private Intervals() {}

    /** Widens an interval by the rounding of evaluating it and puts the estimate inside. */
    static CertifiedValue around(String name, double lower, double estimate, double upper) {
        double low = Math.min(lower, upper) - EVALUATION * (1 + Math.abs(lower));
        double high = Math.max(lower, upper) + EVALUATION * (1 + Math.abs(upper));
        return new CertifiedValue(name, low, clamp(estimate, low, high), high);
    }

    /** Likewise, within the range the number has by definition. */
    static CertifiedValue within(
            String name, double lower, double estimate, double upper, double least, double most) {
        CertifiedValue wide = around(name, lower, estimate, upper);
        return new CertifiedValue(
                name,
                clamp(wide.lower(), least, most),
                clamp(wide.estimate(), least, most),
                clamp(wide.upper(), least, most));
    }

    static double clamp(double value, double least, double most) {
        return Math.min(Math.max(value, least), most);
    }
}
