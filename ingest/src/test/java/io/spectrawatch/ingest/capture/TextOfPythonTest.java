package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.text.TextNgrams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rows of texts that the Python tap made, one a line: UTF-8 in base64, then column:count. {@code
 * ingest/python/tests/golden.py} writes them, and a test beside it proves that it still does.
 */
class TextOfPythonTest {

    @Test
    void javaMakesTheSameRows() throws IOException {
        List<String> lines;
        try (InputStream in =
                TextOfPythonTest.class.getResourceAsStream("/python/text-ngrams-1.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        }
        assertEquals(13, lines.size());
        for (String line : lines) {
            int tab = line.indexOf('\t');
            byte[] utf8 = Base64.getDecoder().decode(line.substring(0, tab));
            float[] expected = new float[TextNgrams.COLUMNS];
            for (String pair : line.substring(tab + 1).split(" ")) {
                if (!pair.isEmpty()) {
                    String[] parts = pair.split(":");
                    expected[Integer.parseInt(parts[0])] = Float.parseFloat(parts[1]);
                }
            }
            String text = new String(utf8, StandardCharsets.UTF_8);
            assertArrayEquals(expected, TextNgrams.row(text), text);
        }
    }
}
