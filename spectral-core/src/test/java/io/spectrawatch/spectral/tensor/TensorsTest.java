package io.spectrawatch.spectral.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorsTest {
    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);

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
    void floatsKeepTheirBitsWhereverTheyLie() {
        int[] bits = {0x7FC00001, 0xFF800000, 0x00000001, 0x80000000, 0x3F800000};
        ByteBuffer data = ByteBuffer.allocateDirect(3 + 4 * bits.length);
        data.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bits.length; i++) {
            data.putInt(3 + 4 * i, bits[i]);
        }
        float[] out = new float[8];
        // As they come from a decoder: read only, in the order of bytes that buffers begin with.
        Tensors.toFloats(data.asReadOnlyBuffer(), ElementType.FLOAT32, 7, out, 2, 4);
        for (int i = 0; i < out.length; i++) {
            int expected = i >= 2 && i < 6 ? bits[i - 1] : 0;
            assertEquals(expected, Float.floatToRawIntBits(out[i]), "element " + i);
        }
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

    /** Against one element after the other, wherever the bytes lie and whatever stands around. */
    @Test
    void findsWhatALookAtEveryElementFinds() {
        Random random = new Random(SEED);
        for (int run = 0; run < 3_000; run++) {
            ElementType type = ElementType.values()[random.nextInt(3)];
            int elements = random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(9_000);
            ByteBuffer data = place(random, elements * type.bytes());
            for (int i = 0; i < elements; i++) {
                put(data, type, i, finite(random, type));
            }
            for (int bad = random.nextInt(4); bad > 0 && elements > 0; bad--) {
                put(data, type, random.nextInt(elements), notFinite(random, type));
            }
            ByteBuffer asked = random.nextInt(3) == 0 ? data.asReadOnlyBuffer() : data;
            int position = asked.position();
            assertEquals(
                    expected(data, type, elements),
                    Tensors.firstNonFinite(asked, type),
                    "run " + run + ", -Dspectrawatch.seed=" + SEED);
            assertEquals(position, asked.position());
        }
    }

    @Test
    void takesEveryBitPatternOfTwoBytesForWhatItIs() {
        for (ElementType type : new ElementType[] {ElementType.FLOAT16, ElementType.BFLOAT16}) {
            ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
            for (int bits = 0; bits < 1 << 16; bits++) {
                int at = bits % 2048;
                data.putShort(2 * at, (short) bits);
                assertEquals(
                        isFinite(type, bits) ? -1 : at,
                        Tensors.firstNonFinite(data, type),
                        type + " " + bits);
                data.putShort(2 * at, (short) 0);
            }
        }
    }

    /** Heap or direct, at any offset, with infinities before and behind. */
    private static ByteBuffer place(Random random, int bytes) {
        int before = random.nextInt(40);
        int room = before + bytes + random.nextInt(40);
        ByteBuffer all =
                random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
        for (int i = 0; i < room; i++) {
            all.put(i, (byte) 0xFF);
        }
        int sliced = random.nextInt(before + 1);
        ByteBuffer data = all.slice(sliced, room - sliced).position(before - sliced);
        data.limit(data.position() + bytes);
        return random.nextBoolean() ? data : data.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer data, ElementType type, int element, int bits) {
        for (int i = 0; i < type.bytes(); i++) {
            data.put(data.position() + element * type.bytes() + i, (byte) (bits >>> 8 * i));
        }
    }

    private static int get(ByteBuffer data, ElementType type, int element) {
        int bits = 0;
        for (int i = 0; i < type.bytes(); i++) {
            int at = data.position() + element * type.bytes() + i;
            bits |= (data.get(at) & 0xFF) << 8 * i;
        }
        return bits;
    }

    private static boolean isFinite(ElementType type, int bits) {
        return switch (type) {
            case FLOAT32 -> Float.isFinite(Float.intBitsToFloat(bits));
            case FLOAT16 -> Float.isFinite(Tensors.float16ToFloat((short) bits));
            case BFLOAT16 -> Float.isFinite(Float.intBitsToFloat(bits << 16));
        };
    }

    private static int finite(Random random, ElementType type) {
        int bits = bits(random, type);
        while (!isFinite(type, bits)) {
            bits = bits(random, type);
        }
        return bits;
    }

    private static int notFinite(Random random, ElementType type) {
        int exponent =
                switch (type) {
                    case FLOAT32 -> 0x7F80_0000;
                    case FLOAT16 -> 0x7C00;
                    case BFLOAT16 -> 0x7F80;
                };
        return random.nextBoolean() ? exponent : bits(random, type) | exponent;
    }

    private static int bits(Random random, ElementType type) {
        return type.bytes() == 4 ? random.nextInt() : random.nextInt(1 << 16);
    }

    private static int expected(ByteBuffer data, ElementType type, int elements) {
        for (int i = 0; i < elements; i++) {
            if (!isFinite(type, get(data, type, i))) {
                return i;
            }
        }
        return -1;
    }
}
