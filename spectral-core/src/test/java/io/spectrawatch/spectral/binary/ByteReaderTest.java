package io.spectrawatch.spectral.binary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ByteReaderTest {
    private static final List<ByteOrder> ORDERS =
            List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);

    private static ByteReader reader(byte[] bytes, ByteOrder order) {
        return new ByteReader(bytes, order, "test bytes", IllegalStateException::new);
    }

    @Test
    void whatIsWrittenIsRead() {
        double[] values = new double[500];
        Arrays.setAll(values, i -> i - 0.5);
        boolean[] bits = {true, false, true, true, false, false, false, false, true};
        for (ByteOrder order : ORDERS) {
            byte[] bytes =
                    new ByteWriter(order, 0)
                            .int32(0x53574142)
                            .int8(3)
                            .flag(true)
                            .flag(false)
                            .int64(Long.MIN_VALUE)
                            .fp64(Double.NaN)
                            .fp64(values)
                            .int32(new int[] {7, -7})
                            .bits(bits)
                            .text("\u00e9t\u00e9")
                            .text(null)
                            .bytes(new byte[] {1, 2})
                            .toCheckedBytes();
            ByteReader in = reader(bytes, order).magic(0x53574142, "test");
            assertEquals(3, in.version(in.int8(), 1, 3).checked().version());
            assertTrue(in.flag());
            assertFalse(in.flag());
            assertEquals(Long.MIN_VALUE, in.int64());
            assertTrue(Double.isNaN(in.fp64()));
            assertArrayEquals(values, in.finite(500));
            assertArrayEquals(new int[] {7, -7}, in.int32(2L));
            assertArrayEquals(bits, in.bits(9));
            assertEquals("\u00e9t\u00e9", in.requiredText());
            assertNull(in.optionalText());
            assertArrayEquals(new byte[] {1, 2}, in.bytes());
            assertEquals(0, in.remaining());
            in.end();
        }
    }

    @Test
    void theOrderIsThatOfTheBytes() {
        byte[] big = new ByteWriter(ByteOrder.BIG_ENDIAN, 4).int32(0x01020304).toBytes();
        byte[] little = new ByteWriter(ByteOrder.LITTLE_ENDIAN, 4).int32(0x01020304).toBytes();
        assertArrayEquals(new byte[] {1, 2, 3, 4}, big);
        assertArrayEquals(new byte[] {4, 3, 2, 1}, little);
        // The check value of CRC-32C.
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0xE3069283, Crc32c.of(digits, digits.length));
    }

    @Test
    void everythingElseIsRefusedWithItsPlace() {
        refused("not a test (2 bytes)", "0102", in -> in.magic(1, "test"));
        refused("not a test (4 bytes)", "00000002", in -> in.magic(1, "test"));
        refused("known version 1, found 2", "02", in -> in.version(in.int8(), 1));
        refused("known versions 1, 3, found 2", "02", in -> in.version(in.int8(), 1, 3));
        refused("the checksum does not match", "0001020304", ByteReader::checked);
        refused("the checksum does not match", "0001", ByteReader::checked);
        refused(
                "4 more expected at offset 1, found 2",
                "010203",
                in -> {
                    in.int8();
                    in.int32();
                });
        refused("a flag of 0 or 1 expected, found 2", "02", ByteReader::flag);
        refused("rows from 1 to 3 expected, found 4", "00000004", in -> in.int32("rows", 1, 3));
        refused("finite values expected", "7ff0000000000000", in -> in.finite(1));
        refused("padding bits must be 0", "80", in -> in.bits(7));
        refused("-1 more expected", "ffffffff", ByteReader::bytes);
        refused("-1 more expected", "ffffffff", ByteReader::requiredText);
        refused("UTF-8 text expected", "00000001ff", ByteReader::requiredText);
        refused("2147483647 more expected", "7fffffff", ByteReader::bytes);
        refused("-8 more expected", "", in -> in.fp64(-1));
        refused("3 entries do not fit 5 bytes", "000000030102030405", in -> in.count(2));
        refused("-1 entries do not fit 0 bytes", "ffffffff", in -> in.count(1));
        refused("expected order, found 5", "", in -> in.require(false, "order", 5));
        refused("2 bytes too many", "0102", ByteReader::end);
    }

    private static void refused(String message, String hex, Consumer<ByteReader> read) {
        ByteReader in = reader(HexFormat.of().parseHex(hex), ByteOrder.BIG_ENDIAN);
        IllegalStateException error =
                assertThrows(IllegalStateException.class, () -> read.accept(in));
        assertTrue(error.getMessage().startsWith("test bytes: " + message), error.getMessage());
    }
}
