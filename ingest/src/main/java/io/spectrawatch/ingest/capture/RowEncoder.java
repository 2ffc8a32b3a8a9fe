package io.spectrawatch.ingest.capture;

import ai.onnxruntime.platform.Fp16Conversions;
import io.spectrawatch.schemas.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes rows as little-endian bytes. */
final class RowEncoder {

    private RowEncoder() {}

    static int bytes(ElementType type) {
        return type == ElementType.FLOAT32 ? Float.BYTES : Short.BYTES;
    }

    /** From here on a value rounds to infinity: the largest number and half a step. */
    private static final float FLOAT16_OVERFLOW = 65520;

    private static final float BFLOAT16_OVERFLOW = 0x1.ffp127f;

    /** Returns how many finite values become infinite in the encoding. */
    static long overflows(float[] values, int from, int to, ElementType type) {
        float least =
                switch (type) {
                    case FLOAT32 -> Float.POSITIVE_INFINITY;
                    case FLOAT16 -> FLOAT16_OVERFLOW;
                    case BFLOAT16 -> BFLOAT16_OVERFLOW;
                };
        long count = 0;
        for (int i = from; i < to; i++) {
            count += Math.abs(values[i]) >= least && Float.isFinite(values[i]) ? 1 : 0;
        }
        return count;
    }

    /** Returns how many values are infinite or not a number before any encoding. */
    static long notFinite(float[] values, int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            count += Float.isFinite(values[i]) ? 0 : 1;
        }
        return count;
    }

    /**
     * Rounds to the nearest; what is too large for FLOAT16 becomes infinite, and is refused later,
     * which {@link #overflows} tells beforehand.
     */
    static ByteBuffer encode(float[] values, int from, int to, ElementType type) {
        ByteBuffer out =
                ByteBuffer.allocate(Math.multiplyExact(to - from, bytes(type)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT32 -> out.asFloatBuffer().put(values, from, to - from);
            case FLOAT16 -> {
                for (int i = from; i < to; i++) {
                    out.putShort(Fp16Conversions.floatToFp16(values[i]));
                }
                out.flip();
            }
            case BFLOAT16 -> {
                for (int i = from; i < to; i++) {
                    out.putShort(Fp16Conversions.floatToBf16(values[i]));
                }
                out.flip();
            }
        }
        return out;
    }
}
