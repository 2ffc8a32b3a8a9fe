package io.spectrawatch.flink.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds of every binary form in checkpoints and between operators: it has a golden file per
 * released version, which must stay readable, and refuses what it does not know. {@code
 * -Dspectrawatch.golden=DIR} writes the files of this version to a folder.
 *
 * <p>A subclass names its forms in a static method {@code forms}.
 */
public abstract class FormContract {

    /**
     * One form.
     *
     * @param ownBytes what is compared with the golden file; what stands behind has versions and
     *     golden files of its own
     * @param rewrite reads the bytes and writes them again
     */
    public record Form(String name, byte[] bytes, int ownBytes, Function<byte[], byte[]> rewrite) {

        public Form(String name, byte[] bytes, Function<byte[], byte[]> rewrite) {
            this(name, bytes, Integer.MAX_VALUE, rewrite);
        }

        private String hex(byte[] written) {
            return HexFormat.of().formatHex(written, 0, Math.min(ownBytes, written.length));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theGoldenFileIsReadAndWrittenUnchanged(Form form) throws IOException {
        byte[] golden = HexFormat.of().parseHex(golden(form.name(), form.bytes()));
        assertEquals(form.hex(golden), form.hex(form.bytes()));
        assertEquals(form.hex(golden), form.hex(form.rewrite().apply(golden)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void otherVersionsAndMagicsAreRefused(Form form) {
        byte[] later = form.bytes().clone();
        int known = later[7]++;
        String refusal = "known version " + known + ", found " + (known + 1);
        assertRefused(form, later, refusal);
        byte[] alien = form.bytes().clone();
        alien[0] ^= 1;
        assertRefused(form, alien, "expected magic");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void truncatedAndExtendedBytesAreRefused(Form form) {
        for (int length = 0; length <= form.bytes().length + 1; length++) {
            if (length != form.bytes().length) {
                assertRefused(form, Arrays.copyOf(form.bytes(), length), "");
            }
        }
    }

    private static void assertRefused(Form form, byte[] bytes, String part) {
        IllegalStateException e =
                assertThrows(
                        IllegalStateException.class,
                        () -> form.rewrite().apply(bytes),
                        "length " + bytes.length);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    /** Returns a golden file's digits, after writing it where that is asked for. */
    public static String golden(String name, byte[] bytes) throws IOException {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.writeString(Path.of(folder, name + ".hex"), HexFormat.of().formatHex(bytes));
        }
        String path = "/golden/" + name + ".hex";
        try (InputStream in = FormContract.class.getResourceAsStream(path)) {
            assertNotNull(in, "no golden file " + path);
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).trim();
        }
    }
}
