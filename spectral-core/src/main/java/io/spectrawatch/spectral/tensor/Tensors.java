package io.spectrawatch.spectral.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads little-endian tensor bytes without boxing, copying or regard to the buffer's own byte
 * order.
 */
public final class Tensors {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_IN_ARRAY =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FLOAT32_EXPONENT = 0x7F80_0000;
    private static final int FLOAT16_EXPONENT = 0x7C00;
    private static final int BFLOAT16_EXPONENT = 0x7F80;

    /** Looked at before anything is decided; short enough to be searched again for the element. */
    private static final int BLOCK_BYTES = 4096;

    private Tensors() {}

    /**
     * Returns the index of the first NaN or infinity among the remaining bytes, or -1 if all
     * elements are finite.
     *
     * @throws InvalidRowsException if the remaining bytes are not a whole number of elements
     */
    public static int firstNonFinite(ByteBuffer data, ElementType type) {
        int elements = data.remaining() / type.bytes();
        if (elements * type.bytes() != data.remaining()) {
            throw new InvalidRowsException(
                    "tensor bytes: expected a multiple of "
                            + type.bytes()
                            + " for "
                            + type
                            + ", found "
                            + data.remaining());
        }
        int base = data.position();
        int whole = finiteBytes(data, type) / type.bytes();
        return switch (type) {
            case FLOAT32 -> firstInt(data, base, whole, elements);
            case FLOAT16 -> firstShort(data, base, whole, elements, FLOAT16_EXPONENT);
            case BFLOAT16 -> firstShort(data, base, whole, elements, BFLOAT16_EXPONENT);
        };
    }

    /**
     * Bytes at the beginning of which all elements are known to be finite: up to the block that
     * holds the first other one, or to the last whole block.
     *
     * <p>Elements are looked at two or four at a time. Within the bits of one, the exponent plus
     * its own lowest bit carries into the place of the sign if and only if the exponent is all
     * ones, which makes the element infinite or NaN; the sign itself is masked, and no carry leaves
     * the element.
     */
    private static int finiteBytes(ByteBuffer data, ElementType type) {
        return switch (type) {
            case FLOAT32 ->
                    finiteBytes(data, 0x7F80_0000_7F80_0000L, 0x0080_0000_0080_0000L, 1L << 31);
            case FLOAT16 ->
                    finiteBytes(data, 0x7C00_7C00_7C00_7C00L, 0x0400_0400_0400_0400L, 0x8000_8000L);
            case BFLOAT16 ->
                    finiteBytes(data, 0x7F80_7F80_7F80_7F80L, 0x0080_0080_0080_0080L, 0x8000_8000L);
        };
    }

    private static int finiteBytes(ByteBuffer data, long exponents, long lowest, long halfSigns) {
        long signs = halfSigns << 32 | halfSigns;
        int blocks = data.remaining() / BLOCK_BYTES;
        for (int block = 0; block < blocks; block++) {
            int from = data.position() + block * BLOCK_BYTES;
            long carried =
                    data.hasArray()
                            ? carried(data.array(), data.arrayOffset() + from, exponents, lowest)
                            : carried(data, from, exponents, lowest);
            if ((carried & signs) != 0) {
                return block * BLOCK_BYTES;
            }
        }
        return blocks * BLOCK_BYTES;
    }

    private static long carried(byte[] data, int from, long exponents, long lowest) {
        long a = 0;
        long b = 0;
        for (int i = from; i < from + BLOCK_BYTES; i += 2 * Long.BYTES) {
            a |= ((long) LONG_IN_ARRAY.get(data, i) & exponents) + lowest;
            b |= ((long) LONG_IN_ARRAY.get(data, i + Long.BYTES) & exponents) + lowest;
        }
        return a | b;
    }

    private static long carried(ByteBuffer data, int from, long exponents, long lowest) {
        long a = 0;
        long b = 0;
        for (int i = from; i < from + BLOCK_BYTES; i += 2 * Long.BYTES) {
            a |= ((long) LONG.get(data, i) & exponents) + lowest;
            b |= ((long) LONG.get(data, i + Long.BYTES) & exponents) + lowest;
        }
        return a | b;
    }

    private static int firstInt(ByteBuffer data, int base, int from, int elements) {
        for (int i = from; i < elements; i++) {
            if (((int) INT.get(data, base + 4 * i) & FLOAT32_EXPONENT) == FLOAT32_EXPONENT) {
                return i;
            }
        }
        return -1;
    }

    private static int firstShort(ByteBuffer data, int base, int from, int elements, int exponent) {
        for (int i = from; i < elements; i++) {
            if (((short) SHORT.get(data, base + 2 * i) & exponent) == exponent) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Converts {@code count} elements that start at byte {@code offset} (absolute) into {@code
     * out}.
     */
    static void toDoubles(ByteBuffer data, ElementType type, int offset, double[] out, int count) {
        switch (type) {
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.intBitsToFloat((int) INT.get(data, offset + 4 * i));
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float16.VALUES[(short) SHORT.get(data, offset + 2 * i) & 0xFFFF];
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.intBitsToFloat((short) SHORT.get(data, offset + 2 * i) << 16);
                }
            }
        }
    }

    /**
     * Converts {@code count} elements that start at byte {@code offset} (absolute) into {@code out}
     * from element {@code at} on; exact for all element types.
     */
    public static void toFloats(
            ByteBuffer data, ElementType type, int offset, float[] out, int at, int count) {
        switch (type) {
            case FLOAT32 ->
                    data.slice(offset, count * Float.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer()
                            .get(out, at, count);
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = Float16.VALUES[(short) SHORT.get(data, offset + 2 * i) & 0xFFFF];
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] =
                            Float.intBitsToFloat((short) SHORT.get(data, offset + 2 * i) << 16);
                }
            }
        }
    }

    /** All 65,536 values: looking one up takes less than half the time of working it out. */
    private static final class Float16 {
        private static final float[] VALUES = new float[1 << 16];

        static {
            for (int bits = 0; bits < VALUES.length; bits++) {
                VALUES[bits] = float16ToFloat((short) bits);
            }
        }
    }

    /** Converts IEEE 754 binary16 bits; subnormals, infinities and NaN included. */
    static float float16ToFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int magnitude = bits & 0x7FFF;
        if (magnitude >= FLOAT16_EXPONENT) {
            return Float.intBitsToFloat(sign | FLOAT32_EXPONENT | (magnitude & 0x3FF) << 13);
        }
        // Shifting the fields into place and scaling by 2^(127-15) handles subnormals without a
        // branch.
        float scaled = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(scaled) | sign);
    }
}
