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

    /**
     * Rounds to the nearest; what is too large for FLOAT16 becomes infinite, and is refused later.
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
