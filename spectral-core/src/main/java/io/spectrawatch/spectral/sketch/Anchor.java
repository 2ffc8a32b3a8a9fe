package io.spectrawatch.spectral.sketch;

import java.util.Arrays;

/**
 * A fixed vector subtracted from every row, usually a reference mean; it travels inside every
 * sketch.
 *
 * @param id name of what it was taken from, at most 65,535 bytes of UTF-8
 * @param value the vector (d)
 */
public record Anchor(String id, double[] value) {
    /** Copies and checks the vector. */
    public Anchor {
        value = value.clone();
        for (int j = 0; j < value.length; j++) {
            if (!Double.isFinite(value[j])) {
                throw new IllegalArgumentException(
                        "anchor "
                                + id
                                + ": finite values expected, found "
                                + value[j]
                                + " in column "
                                + j);
            }
        }
    }

    /** Returns a copy of the vector. */
    @Override
    public double[] value() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Anchor that
                && id.equals(that.id)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "Anchor[" + id + ", dimension " + value.length + "]";
    }
}
