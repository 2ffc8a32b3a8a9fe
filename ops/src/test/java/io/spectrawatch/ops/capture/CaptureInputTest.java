package io.spectrawatch.ops.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arrays that capture takes are those that evaluate takes. */
class CaptureInputTest {

    @TempDir private Path folder;

    private static byte[] array(String type, String hex) {
        return NpyBytes.array(type, "2, 1", HexFormat.of().parseHex(hex));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private Path archive(String name, byte[] array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(array);
        }
        return file(name, bytes.toByteArray());
    }

    @Test
    void everyElementTypeAndArchivesAreTaken() throws IOException {
        Map<String, Path> files =
                Map.of(
                        "i1", file("i1.npy", array("|i1", "01fe")),
                        "u2", file("u2.npy", array("<u2", "0100feff")),
                        "f2", file("f2.npy", array("<f2", "003c00c0")),
                        "f8", file("f8.npy", array("<f8", "000000000000f03f00000000000000c0")),
                        "npz", archive("i8.npz", array("<i8", "0100000000000000feffffffffffffff")));

        CaptureInput input = CaptureInput.ofArrays(files);

        assertEquals(2, input.size());
        CaptureInput.Tensors tensors = (CaptureInput.Tensors) input;
        files.keySet()
                .forEach(
                        name -> {
                            float second = name.equals("u2") ? 65534 : -2;
                            assertArrayEquals(
                                    new float[] {1, second}, tensors.arrays().get(name).values());
                        });
    }

    @Test
    void whatIsWrongIsNamedWithItsFile() throws IOException {
        Path two = file("two.npy", array("|i1", "0102"));
        Path three = archive("three.npz", NpyBytes.array("|i1", "3, 1", new byte[3]));
        refused("two.npy=2", Map.of("a", two, "b", three));
        refused("three.npz=3", Map.of("a", two, "b", three));
        Path none = file("none.npy", NpyBytes.array("|i1", "0, 1"));
        refused("none.npy: at least one sample expected", Map.of("a", none));
        Path text = file("text.npy", "hello".getBytes());
        refused("text.npy: a NumPy array expected", Map.of("a", text));
        Path fine = file("fine.npy", array("<f8", "9c7500883ce4377e0000000000000000"));
        refused("fine.npy", Map.of("a", fine));
    }

    private static void refused(String message, Map<String, Path> files) {
        IOException error = assertThrows(IOException.class, () -> CaptureInput.ofArrays(files));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
