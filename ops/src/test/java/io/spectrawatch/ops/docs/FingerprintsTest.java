package io.spectrawatch.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The table of fingerprints is that of the released schemas, in the order of their index. */
class FingerprintsTest {

    private static final Path PAGE = Path.of("docs", "snapshots.md");
    private static final String ROW = "\\| `\\w+` \\| \\d+ \\| `[0-9A-F ]{23}` \\|";

    @Test
    void thePageListsEveryReleasedVersion() throws IOException {
        List<String> expected = read("index.txt").lines().map(FingerprintsTest::row).toList();
        List<String> found =
                MarkdownPage.read(PAGE).text().lines().filter(line -> line.matches(ROW)).toList();

        assertEquals(
                expected,
                found,
                () -> PAGE + " must have\n" + expected.stream().collect(Collectors.joining("\n")));
        assertTrue(expected.size() > 30, expected.size() + " versions");
    }

    /**
     * @param path such as Tick/1.avsc
     */
    private static String row(String path) {
        long fingerprint = Wire.fingerprint(new Schema.Parser().parse(read(path)));
        byte[] bytes =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(fingerprint)
                        .array();
        String[] parts = path.split("[/.]");
        return "| `"
                + parts[0]
                + "` | "
                + parts[1]
                + " | `"
                + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes)
                + "` |";
    }

    private static String read(String path) {
        try (InputStream in = Wire.class.getResourceAsStream("/history/" + path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
