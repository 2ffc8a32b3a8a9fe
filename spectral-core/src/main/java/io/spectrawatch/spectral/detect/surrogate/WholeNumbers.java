package io.spectrawatch.spectral.detect.surrogate;

/**
 * Vectors rounded to whole multiples of a step of their own, so that inner products of any two are
 * exact in fp32: no sum of products exceeds the product of the lengths, and whole numbers up to
 * 2^24 have no rounding. In which order a machine sums then does not matter, nor where a row stands
 * among others. Each number is wrong by at most half a step, 1/8000 of the vector's length.
 */
final class WholeNumbers {
    /** Steps in a length; rounding adds at most half the root of the count of numbers. */
    private static final double STEPS = 4000;

    private WholeNumbers() {}

    /**
     * Rounds a vector.
     *
     * @param row its leading numbers are read
     * @param count how many of them, at most 32,768: half the root is less than 96
     * @param unit what they are multiplied by
     * @param out takes how many steps each is, from an index on, so far apart
     * @return the step; 0 for a vector without length
     */
    static double round(double[] row, int count, double unit, float[] out, int at, int apart) {
        double squared = 0;
        for (int i = 0; i < count; i++) {
            squared += unit * row[i] * (unit * row[i]);
        }
        double step = Math.sqrt(squared) / STEPS;
        double steps = step > 0 ? unit / step : 0;
        for (int i = 0; i < count; i++) {
            out[at + i * apart] = (float) Math.rint(steps * row[i]);
        }
        return step;
    }
}
