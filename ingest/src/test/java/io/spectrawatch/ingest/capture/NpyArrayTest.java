package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.NpyBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyArrayTest {

    private static final String FLOATS =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

    @Test
    void readsFloat32() {
        NpyArray array =
                NpyArray.parse("x.npy", NpyBytes.file(1, FLOATS, floats(1, 2, 3, 4, 5, 6)));

        assertArrayEquals(new long[] {2, 3}, array.shape());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, array.values());
    }

    @Test
    void readsFloat64OfVersion2AndOneDimension() {
        byte[] data =
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(0.5)
                        .putDouble(-2)
                        .array();
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";

        NpyArray array = NpyArray.parse("x.npy", NpyBytes.file(2, header, data));

        assertArrayEquals(new long[] {2}, array.shape());
        assertArrayEquals(new float[] {0.5f, -2}, array.values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3)}|'>f4'",
                "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3)}|48 bytes",
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}|Fortran",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4)}|32 bytes of values expected, found 24",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}|unreadable shape",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (a,)}|unreadable shape",
                "{'descr': '<f4', 'shape': (2, 3)}|unreadable header"
            })
    void whatItCannotReadIsNamed(String header, String named) {
        String unquoted = header.replace("''", "'");
        byte[] file = NpyBytes.file(1, unquoted, floats(1, 2, 3, 4, 5, 6));

        assertNamed(file, named);
    }

    @Test
    void otherFilesAndCutOnesAreRefused() {
        assertNamed(new byte[] {1, 2, 3}, "a NumPy array expected");
        byte[] whole = NpyBytes.file(1, FLOATS, floats(1, 2, 3, 4, 5, 6));
        assertNamed(Arrays.copyOf(whole, 20), "header is cut off");
        assertNamed(Arrays.copyOf(whole, whole.length - 1), "found 23");
        assertNamed(NpyBytes.file(9, FLOATS, floats(1)), "found 9");
    }

    private static void assertNamed(byte[] file, String named) {
        Exception e = assertThrows(CaptureException.class, () -> NpyArray.parse("x.npy", file));
        assertTrue(e.getMessage().contains(named), e.getMessage());
        assertTrue(e.getMessage().contains("x.npy"), e.getMessage());
    }

    private static byte[] floats(float... values) {
        ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            out.putFloat(value);
        }
        return out.array();
    }
}
