package io.spectrawatch.spectral.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class TensorsTest {
    @Test
    void convertsEveryFloat16() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >>> 10 & 0x1F;
            int fraction = bits & 0x3FF;
            double magnitude =
                    exponent == 0
                            ? fraction * 0x1p-24
                            : exponent == 31
                                    ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                                    : (1 + fraction * 0x1p-10) * Math.pow(2, exponent - 15);
            double expected = bits >>> 15 == 1 ? -magnitude : magnitude;
            assertEquals(expected, Tensors.float16ToFloat((short) bits), "bits " + bits);
        }
    }

    @Test
    void findsTheFirstNonFiniteElement() {
        ByteBuffer floats = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        floats.putFloat(8, Float.NaN).putFloat(12, Float.POSITIVE_INFINITY);
        assertEquals(2, Tensors.firstNonFinite(floats, ElementType.FLOAT32));
        floats.order(ByteOrder.BIG_ENDIAN);
        assertEquals(2, Tensors.firstNonFinite(floats, ElementType.FLOAT32));
        floats.position(12);
        assertEquals(0, Tensors.firstNonFinite(floats, ElementType.FLOAT32));

        ByteBuffer halves = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        halves.putShort(0, (short) 0x7BFF).putShort(4, (short) 0xFC00);
        assertEquals(2, Tensors.firstNonFinite(halves, ElementType.FLOAT16));
        halves.putShort(4, (short) 0x7F7F);
        assertEquals(-1, Tensors.firstNonFinite(halves, ElementType.BFLOAT16));
        halves.putShort(2, (short) 0x7F80);
        assertEquals(1, Tensors.firstNonFinite(halves, ElementType.BFLOAT16));
    }

    @Test
    void namesAnOddNumberOfBytes() {
        InvalidRowsException e =
                assertThrows(
                        InvalidRowsException.class,
                        () -> Tensors.firstNonFinite(ByteBuffer.allocate(7), ElementType.FLOAT32));
        assertTrue(
                e.getMessage().contains("multiple of 4") && e.getMessage().contains("7"),
                e.getMessage());
    }
}
