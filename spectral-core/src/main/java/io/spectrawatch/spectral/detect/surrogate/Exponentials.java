package io.spectrawatch.spectral.detect.surrogate;

/**
 * exp(-s) of many numbers from 0 on, in fp32 and in loops without branches, which the virtual
 * machine turns into vector instructions. The same bits on every machine: nothing is fused.
 *
 * <p>exp(-s) = exp(-s/64)^64: four terms of the series and six squarings. The series is short by
 * less than (s/64)^5/120, and each rounding counts up to 64 times, so the result is wrong by less
 * than {@link #ERROR}. Beyond 64 it is that of 64.
 */
final class Exponentials {
    /** Most by which a result differs from exp(-s). */
    static final double ERROR = 0x1p-16;

    private static final float MOST = 64;

    /** Keeps the fourth power normal: arithmetic on subnormal numbers is slow. */
    private static final float LEAST = 0x1p-24f;

    private Exponentials() {}

    /** Puts exp(-s) in the place of each of the first numbers s. */
    static void negative(float[] values, int count) {
        for (int j = 0; j < count; j++) {
            float u = Math.min(MOST, Math.max(0, values[j])) * (1 / MOST);
            float power = 1 - u * (1 - u * (1 / 2f - u * (1 / 6f - u * (1 / 24f))));
            power *= power;
            power *= power;
            power *= power;
            power *= power;
            power *= power;
            values[j] = power * power;
        }
    }

    /** Puts exp(-4 s) in the place of each of the first numbers exp(-s). */
    static void fourth(float[] values, int count) {
        for (int j = 0; j < count; j++) {
            float value = Math.max(LEAST, values[j]);
            float square = value * value;
            values[j] = square * square;
        }
    }
}
