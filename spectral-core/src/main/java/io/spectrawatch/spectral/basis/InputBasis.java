package io.spectrawatch.spectral.basis;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.kernel.Kernels;
import java.nio.ByteOrder;

/**
 * The leading principal directions of trusted inputs, in which inputs are published instead of
 * their values: k coordinates about the mean of the trusted ones, and how far the input lies
 * outside of them.
 *
 * <pre>
 *   c_i = sum_j (x_j - m_j) b_ij, j ascending, in fp64, i = 1 ... k
 *   r   = | x - m - sum_i c_i b_i |
 *   published: c_1 ... c_k, r, rounded to fp32
 * </pre>
 *
 * <p>A basis is made once and never changes: the digest of its bytes is in the tap of what is
 * published. The Python tap comes to the same numbers but for the order of its sums, that is to
 * 1e-6 of |x - m|.
 */
public final class InputBasis {
    /**
     * Layout of {@link #toBytes()}, little-endian:
     *
     * <pre>
     *   int32 magic "SWIB" | int32 version = 1 | int32 columns d | int32 directions k
     *   d x fp32 mean | k x d x fp32 directions, of length 1
     * </pre>
     */
    private static final int MAGIC = 0x42495753;

    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 4 * Integer.BYTES;

    /** Begins the tap of what is published. */
    private static final String FORMAT = "basis-1:";

    private static final int DIGEST_DIGITS = 16;

    /** How far the squared length of a direction rounded to fp32 may be from 1. */
    private static final double LENGTH_TOLERANCE = 1e-3;

    private final float[] mean;

    /** k x d. */
    private final float[] directions;

    private final byte[] bytes;

    private InputBasis(float[] mean, float[] directions) {
        this.mean = mean;
        this.directions = directions;
        this.bytes = written();
    }

    /**
     * Finds the directions.
     *
     * @param values rows x columns
     * @param rank directions at most; no more than carry energy beyond rounding are kept
     * @throws IllegalArgumentException if there are fewer than two rows
     */
    public static InputBasis fit(
            Kernels kernels, float[] values, int columns, int rank, long seed) {
        int rows = values.length / columns;
        if (rows < 2 || rank < 1) {
            throw new IllegalArgumentException(
                    "basis: two rows and a rank of 1 at least required, found "
                            + rows
                            + " and "
                            + rank);
        }
        Window window = Window.fit(kernels, values, columns, rank, seed);
        return new InputBasis(rounded(window.mean()), rounded(window.basis().toArray()));
    }

    private static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** Returns the columns of an input. */
    public int columns() {
        return mean.length;
    }

    /** Returns the columns of what is published: coordinates, and the distance from them. */
    public int published() {
        return directions.length / mean.length + 1;
    }

    /** Returns what layers that are published in this basis say they are. */
    public String tap() {
        return FORMAT + Sha256.hex(bytes).substring(0, DIGEST_DIGITS);
    }

    /**
     * Returns rows in this basis.
     *
     * @param rows x {@link #columns()}; infinite or no number where these are
     * @throws IllegalArgumentException if they have other columns
     */
    public float[] coordinates(float[] rows, int columns) {
        if (columns != mean.length) {
            throw new IllegalArgumentException(
                    "basis of " + mean.length + " columns, found rows of " + columns);
        }
        int count = rows.length / columns;
        float[] out = new float[count * published()];
        double[] centred = new double[columns];
        double[] rest = new double[columns];
        for (int row = 0; row < count; row++) {
            for (int j = 0; j < columns; j++) {
                centred[j] = (double) rows[row * columns + j] - mean[j];
                rest[j] = centred[j];
            }
            int at = row * published();
            for (int i = 0; i < published() - 1; i++) {
                out[at + i] = (float) coordinate(i, centred, rest);
            }
            double energy = 0;
            for (double value : rest) {
                energy += value * value;
            }
            out[at + published() - 1] = (float) Math.sqrt(energy);
        }
        return out;
    }

    /** A coordinate, which is taken away from what is left. */
    private double coordinate(int direction, double[] centred, double[] rest) {
        int at = direction * mean.length;
        double sum = 0;
        for (int j = 0; j < mean.length; j++) {
            sum += centred[j] * directions[at + j];
        }
        for (int j = 0; j < mean.length; j++) {
            rest[j] -= sum * directions[at + j];
        }
        return sum;
    }

    /** Returns the basis in the layout above. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    private byte[] written() {
        int size = HEAD_BYTES + Float.BYTES * (mean.length + directions.length);
        ByteWriter out = new ByteWriter(ByteOrder.LITTLE_ENDIAN, size);
        out.int32(MAGIC).int32(VERSION).int32(mean.length).int32(directions.length / mean.length);
        for (float[] values : new float[][] {mean, directions}) {
            for (float value : values) {
                out.int32(Float.floatToRawIntBits(value));
            }
        }
        return out.toBytes();
    }

    /**
     * Reads a basis.
     *
     * @throws IllegalArgumentException if the bytes are none, or of an unknown version
     */
    public static InputBasis fromBytes(byte[] bytes) {
        ByteReader in =
                new ByteReader(
                        bytes,
                        ByteOrder.LITTLE_ENDIAN,
                        "basis of inputs",
                        IllegalArgumentException::new);
        in.magic(MAGIC, "basis of inputs").version(in.int32(), VERSION);
        int columns = in.int32("columns", 1, in.remaining() / Float.BYTES);
        int rank = in.int32("directions", 1, columns);
        long expected = ((long) rank + 1) * columns * Float.BYTES;
        in.require(in.remaining() == expected, expected + " bytes of numbers", in.remaining());
        float[] mean = floats(in, columns);
        float[] directions = floats(in, rank * columns);
        for (int i = 0; i < rank; i++) {
            double length = 0;
            for (int j = 0; j < columns; j++) {
                double value = directions[i * columns + j];
                length += value * value;
            }
            in.require(Math.abs(length - 1) < LENGTH_TOLERANCE, "directions of length 1", length);
        }
        in.end();
        return new InputBasis(mean, directions);
    }

    private static float[] floats(ByteReader in, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(in.int32());
            in.require(Float.isFinite(values[i]), "finite numbers", values[i]);
        }
        return values;
    }
}
