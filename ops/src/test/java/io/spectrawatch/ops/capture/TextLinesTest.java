package io.spectrawatch.ops.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.cases.Cases;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {

    @TempDir private Path folder;

    private Path written(String text, Charset charset) throws IOException {
        return Files.write(folder.resolve("texts.txt"), text.getBytes(charset));
    }

    private static void refused(Path file, String... parts) {
        String message = assertThrows(IOException.class, () -> TextLines.read(file)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith(file.toString()), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void blankLinesAndAByteOrderMarkAreLeftOut() throws IOException {
        Path file = written("\uFEFFone\r\n\n  \nzwei ü\n", StandardCharsets.UTF_8);
        assertEquals(List.of("one", "zwei ü"), TextLines.read(file));
    }

    @Test
    void otherEncodingsAreNamedWithTheirPlaceAndTheMend() throws IOException {
        refused(
                written("one\nzwei \u00fc\n", StandardCharsets.ISO_8859_1),
                "line 2, byte 6",
                "0xfc",
                "iconv -f LATIN1 -t UTF-8");
        refused(written("one", StandardCharsets.UTF_16), "line 1, byte 1", "iconv -f UTF-16");
        refused(Cases.copy(folder, "messages/latin1.txt"), "UTF-8 expected", "iconv");
        Path cut = written("caf\u00e9", StandardCharsets.UTF_8);
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 4));
        refused(cut, "line 1, byte 4");
    }

    @Test
    void whatHoldsNoTextIsRefused() throws IOException {
        refused(written("\n \n", StandardCharsets.UTF_8), "blank lines only");
        refused(
                written("version https://git-lfs.github.com/spec/v1\n", StandardCharsets.UTF_8),
                "git lfs pull");
    }
}
