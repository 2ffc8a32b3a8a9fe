package io.spectrawatch.spectral.numpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.fuzz.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged NumPy arrays and archives. */
class NpyFuzzTest {
    private static final int CASES = 20_000;
    private static final int ARCHIVE_CASES = 5_000;

    /** fp32 from bytes of one element each, and a header of text. */
    private static final long FACTOR = 64;

    /** An archive may inflate to 64 times its size, and is then copied and converted. */
    private static final long ARCHIVE_FACTOR = 4 * 64;

    @TempDir private Path folder;

    @Test
    void damagedArraysAreRefusedOrConsistent() {
        new Fuzz<>(
                        "npy",
                        NpyFuzzTest.class,
                        bytes -> NpyFile.parse(bytes, "fuzz"),
                        Set.of(IOException.class),
                        NpyFuzzTest::check,
                        FACTOR)
                .run(
                        List.of(
                                NpyBytes.array("<f4", "2, 3", new byte[24]),
                                NpyBytes.array("|u1", "5,", new byte[5]),
                                NpyBytes.array("<f8", "1, 1, 2", new byte[16]),
                                NpyBytes.array("<i8", "0, 4", new byte[0])),
                        CASES);
    }

    @Test
    void damagedArchivesAreRefusedOrConsistent() throws IOException {
        Path file = folder.resolve("fuzz.npz");
        new Fuzz<>(
                        "npz",
                        NpyFuzzTest.class,
                        bytes -> NpyFile.read(Files.write(file, bytes)),
                        Set.of(IOException.class),
                        NpyFuzzTest::check,
                        ARCHIVE_FACTOR)
                .run(List.of(archive(NpyBytes.array("<f4", "2, 3", new byte[24]))), ARCHIVE_CASES);
    }

    private static void check(NpyArray array) {
        long elements = 1;
        for (int size : array.shape()) {
            assertTrue(size >= 0, "size " + size);
            elements *= size;
        }
        assertEquals(array.values().length, elements);
        assertEquals(array.values().length, (long) array.rows() * array.rowSize());
    }

    static byte[] archive(byte[] entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write(entry);
        }
        return bytes.toByteArray();
    }
}
