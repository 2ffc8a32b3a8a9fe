package io.spectrawatch.spectral.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowBlockTest {
    private static ByteBuffer floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }

    private static double[] values(RowBlock block) {
        double[] values = new double[block.rows() * block.dimension()];
        block.values().get(0, values);
        return values;
    }

    @Test
    void takesRowsUntilFull() {
        RowBlock block = new RowBlock(3, 2);
        ByteBuffer data = floats(1, 2, 3, 4, 5, 6, 7, 8);
        assertEquals(1, block.append(data, ElementType.FLOAT32, 3, 1));
        assertEquals(2, block.append(data, ElementType.FLOAT32, 0, 4));
        assertTrue(block.isFull());
        assertEquals(0, block.append(data, ElementType.FLOAT32, 2, 2));
        assertArrayEquals(new double[] {7, 8, 1, 2, 3, 4}, values(block));
        assertEquals(Optional.of(ElementType.FLOAT32), block.elementType());
        assertEquals(0, data.position());
        block.clear();
        assertEquals(0, block.rows());
    }

    @Test
    void mixesElementTypesByWidening() {
        RowBlock block = new RowBlock(4, 2);
        block.append(floats(1.5f, -2), ElementType.FLOAT32, 0, 1);
        ByteBuffer half = ByteBuffer.wrap(new byte[] {0x00, 0x3C, 0x00, (byte) 0xC0});
        block.append(half, ElementType.FLOAT16, 0, 1);
        block.append(half, ElementType.BFLOAT16, 0, 1);
        block.append(new double[] {0.1, 0.2});
        assertFalse(block.elementType().isPresent());
        double bfloat = Float.intBitsToFloat(0x3C00 << 16);
        assertArrayEquals(new double[] {1.5, -2, 1, -2, bfloat, -2, 0.1, 0.2}, values(block));
        assertThrows(IllegalStateException.class, block::raw);
    }

    @Test
    void refusesWhatDoesNotFit() {
        RowBlock block = new RowBlock(3, 2);
        InvalidRowsException e =
                assertThrows(
                        InvalidRowsException.class,
                        () -> block.append(floats(1, 2, 3), ElementType.FLOAT32, 0, 2));
        assertTrue(e.getMessage().contains("16 bytes, found 12"), e.getMessage());
        assertThrows(InvalidRowsException.class, () -> block.append(new double[3]));
        assertThrows(IllegalArgumentException.class, () -> new RowBlock(0, 4));
        assertThrows(IllegalArgumentException.class, () -> new RowBlock(1 << 20, 1 << 20));
    }

    @Test
    void writesItsVersionOneBytes() {
        RowBlock block = new RowBlock(3, 2);
        block.append(floats(1, -2), ElementType.FLOAT32, 0, 1);
        String golden =
                "53575242"
                        + "01000000"
                        + "03000000"
                        + "02000000"
                        + "01000000"
                        + "01000000"
                        + "0000803f000000c0";
        assertEquals(golden, HexFormat.of().formatHex(block.toBytes()));
        block.append(new double[] {0.5, 4});
        String wide =
                "53575242"
                        + "01000000"
                        + "03000000"
                        + "02000000"
                        + "02000000"
                        + "00000000"
                        + "000000000000f03f"
                        + "00000000000000c0"
                        + "000000000000e03f"
                        + "0000000000001040";
        assertEquals(wide, HexFormat.of().formatHex(block.toBytes()));
    }

    @Test
    void readsItsBytesAndNoOthers() {
        RowBlock block = new RowBlock(3, 2);
        block.append(floats(1, -2, 3, 4), ElementType.FLOAT32, 0, 2);
        RowBlock restored = RowBlock.fromBytes(block.toBytes(), 3, 2);
        assertArrayEquals(values(block), values(restored));
        assertEquals(3, restored.capacity());
        assertArrayEquals(block.toBytes(), restored.toBytes());
        byte[] bytes = block.toBytes();
        assertThrows(
                InvalidRowsException.class,
                () -> RowBlock.fromBytes(Arrays.copyOf(bytes, bytes.length - 1), 3, 2));
        assertThrows(InvalidRowsException.class, () -> RowBlock.fromBytes(bytes, 1 << 20, 2));
        assertThrows(InvalidRowsException.class, () -> RowBlock.fromBytes(bytes, 3, 1));
        byte[] future = bytes.clone();
        future[4] = 2;
        InvalidRowsException e =
                assertThrows(InvalidRowsException.class, () -> RowBlock.fromBytes(future, 3, 2));
        assertTrue(e.getMessage().contains("known version 1, found 2"), e.getMessage());
    }
}
