package io.spectrawatch.spectral.numpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyFileTest {
    @TempDir private Path folder;

    @Test
    void everyElementTypeIsRead() throws IOException {
        check("<f4", "0000803f000000c0", 1, -2);
        check("<f8", "000000000000f03f00000000000000c0", 1, -2);
        check("<f2", "003c00c0", 1, -2);
        check("<f2", "01000004", (float) 0x1p-24, (float) 0x1p-14);
        check("|u1", "01ff", 1, 255);
        check("|i1", "01ff", 1, -1);
        check("<u2", "0100ffff", 1, 65535);
        check("<i2", "0100ffff", 1, -1);
        check("<i4", "01000000ffffffff", 1, -1);
        check("<i8", "0100000000000000ffffffffffffffff", 1, -1);
    }

    private static void check(String type, String hex, float... expected) throws IOException {
        NpyArray array = NpyFile.parse(npy(1, type, "2,", false, hex), "test");
        assertArrayEquals(expected, array.values(), type);
        assertArrayEquals(new int[] {2}, array.shape());
        assertEquals(1, array.rowSize());
    }

    @Test
    void laterVersionsHaveLongerHeaders() throws IOException {
        NpyArray array = NpyFile.parse(npy(2, "|u1", "2, 1, 3", false, "010203040506"), "test");
        assertArrayEquals(new int[] {2, 1, 3}, array.shape());
        assertEquals(2, array.rows());
        assertEquals(3, array.rowSize());
    }

    @Test
    void aShapeCountsTheElements() {
        for (int[] shape : new int[][] {{}, {3}, {2, 2}, {-2}, {-1, 0}, {1 << 30, 1 << 30, 4}}) {
            assertThrows(IllegalArgumentException.class, () -> new NpyArray(shape, new float[2]));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new NpyArray(new int[] {-1, 0}, new float[0]));
        assertEquals(2, new NpyArray(new int[] {1, 2}, new float[2]).rowSize());
    }

    @Test
    void anArchiveOfOneArrayIsRead() throws IOException {
        Path file = Files.write(folder.resolve("one.npz"), zip("images.npy"));
        assertArrayEquals(new float[] {7}, NpyFile.read(file).values());
        Path two = Files.write(folder.resolve("two.npz"), zip("a.npy", "b.npy"));
        String message = assertThrows(IOException.class, () -> NpyFile.read(two)).getMessage();
        assertTrue(message.endsWith("one array expected in the archive, found [a.npy, b.npy]"));
    }

    @Test
    void whatIsNoArrayIsNamed() {
        refused("a NumPy array expected", "hello".getBytes(StandardCharsets.US_ASCII));
        refused("the header is cut off", HexFormat.of().parseHex("934e554d5059"));
        refused("NumPy format 1 to 3 expected, found 9", npy(9, "|u1", "1,", false, "01"));
        refused("C order expected", npy(1, "|u1", "1,", true, "01"));
        refused("found '>f4'", npy(1, ">f4", "1,", false, "00000000"));
        refused("found '|b1'", npy(1, "|b1", "1,", false, "00"));
        refused("2 bytes of values expected, found 1", npy(1, "|u1", "2,", false, "01"));
        refused("found a single number", npy(1, "|u1", "", false, "01"));
        refused("unreadable shape", npy(1, "|u1", "x,", false, "01"));
    }

    @Test
    void whatFp32CannotHoldIsNamedWithItsPlace() throws IOException {
        check("<i4", "00000001feffffff", 16777216, -2);
        refused("found 16777217 at element 1", npy(1, "<i4", "2,", false, "0000000101000001"));
        refused(
                "found 9223372036854775807 at element 0",
                npy(1, "<i8", "1,", false, "ffffffffffffff7f"));
        refused("found 1.0E300", npy(1, "<f8", "1,", false, "9c7500883ce4377e"));
        refused("astype('<f4')", npy(1, "|O", "1,", false, "00"));
        refused("np.ascontiguousarray(x)", npy(1, "<f4", "1,", true, "00000000"));
        refused(
                "a structured type",
                NpyBytes.file(
                        1,
                        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
                        new byte[4]));
        refused("unreadable shape", npy(1, "|u1", "9223372036854775807,", false, "01"));
        refused("unreadable header", NpyBytes.file(1, "{'descr': '<f4'}", new byte[4]));
        refused("an empty file", new byte[0]);
        refused(
                "git lfs pull",
                "version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.US_ASCII));
    }

    /** As NumPy writes into a pipe: stored, and the sizes behind the content. */
    @Test
    void aStreamedArchiveIsReadByItsDirectory() throws IOException {
        byte[] array = npy(1, "|u1", "1,", false, "07");
        Path file = Files.write(folder.resolve("streamed.npz"), streamed(array));
        assertArrayEquals(new float[] {7}, NpyFile.read(file).values());
        byte[] changed = streamed(array);
        changed[40]++;
        Files.write(file, changed);
        String message = assertThrows(IOException.class, () -> NpyFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": damaged archive"), message);
        Files.write(file, java.util.Arrays.copyOf(changed, 50));
        message = assertThrows(IOException.class, () -> NpyFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": damaged archive"), message);
    }

    private static byte[] streamed(byte[] content) {
        byte[] name = "a.npy".getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(content);
        ByteBuffer zip =
                ByteBuffer.allocate(30 + 5 + content.length + 16 + 46 + 5 + 22)
                        .order(ByteOrder.LITTLE_ENDIAN);
        zip.putInt(0x04034b50).putShort((short) 20).putShort((short) 8).putShort((short) 0);
        zip.putInt(0).putInt(0).putInt(0).putInt(0).putShort((short) 5).putShort((short) 0);
        zip.put(name).put(content);
        zip.putInt(0x08074b50).putInt((int) crc.getValue());
        zip.putInt(content.length).putInt(content.length);
        int directory = zip.position();
        zip.putInt(0x02014b50).putShort((short) 20).putShort((short) 20);
        zip.putShort((short) 8).putShort((short) 0).putInt(0).putInt((int) crc.getValue());
        zip.putInt(content.length).putInt(content.length).putShort((short) 5);
        zip.putShort((short) 0).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        zip.putInt(0).putInt(0).put(name);
        int size = zip.position() - directory;
        zip.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1);
        zip.putInt(size).putInt(directory).putShort((short) 0);
        return zip.array();
    }

    private static void refused(String part, byte[] bytes) {
        String message =
                assertThrows(IOException.class, () -> NpyFile.parse(bytes, "test")).getMessage();
        assertTrue(message.startsWith("test: ") && message.contains(part), message);
    }

    private static byte[] npy(int version, String type, String shape, boolean fortran, String hex) {
        String header =
                "{'descr': '"
                        + type
                        + "', 'fortran_order': "
                        + (fortran ? "True" : "False")
                        + ", 'shape': ("
                        + shape
                        + "), }\n";
        return NpyBytes.file(version, header, HexFormat.of().parseHex(hex));
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(npy(1, "|u1", "1,", false, "07"));
            }
        }
        return bytes.toByteArray();
    }
}
