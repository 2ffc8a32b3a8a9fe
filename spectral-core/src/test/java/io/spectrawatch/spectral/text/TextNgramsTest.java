package io.spectrawatch.spectral.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** That Python makes the same rows is held by {@code TextOfPythonTest} of the module ingest. */
class TextNgramsTest {

    private static int bucket(String gram) {
        CRC32 hash = new CRC32();
        hash.update(gram.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % 1024);
    }

    private static double sum(float[] row, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += row[i];
        }
        return sum;
    }

    @Test
    void countsWordsAndCharacters() {
        float[] row = TextNgrams.row("Ab ab");

        assertEquals(2, row[bucket("wab")]);
        assertEquals(1, row[bucket("wab ab")]);
        assertEquals(3, sum(row, 0, 1024));
        // " ab ab ": 5 of three characters, 4 of four, 3 of five.
        assertEquals(12, sum(row, 1024, 2048));
    }

    @Test
    void whatIsNoWordCharacterSeparates() {
        float[] plain = TextNgrams.row("don't panic 42");

        assertArrayEquals(plain, TextNgrams.row("  Don't—PANIC,“42”\u00a0!"));
        assertFalse(Arrays.equals(plain, TextNgrams.row("dont panic 42")));
    }

    @Test
    void lettersOfFourAlphabetsLoseTheirCase() {
        assertArrayEquals(TextNgrams.row("äöü éþ"), TextNgrams.row("ÄÖÜ ÉÞ"));
        assertArrayEquals(TextNgrams.row("αω"), TextNgrams.row("ΑΩ"));
        assertArrayEquals(TextNgrams.row("ёжяђ"), TextNgrams.row("ЁЖЯЂ"));
        assertFalse(Arrays.equals(TextNgrams.row("÷"), TextNgrams.row("×")));
    }

    @Test
    void charactersBeyondTheFirstPlaneAreOne() {
        // Two of them between spaces: 2 of three characters, 1 of four.
        assertEquals(3, sum(TextNgrams.row("\uD83D\uDE00\uD83D\uDE00"), 1024, 2048));
    }

    @Test
    void halvesOfPairsSeparate() {
        assertArrayEquals(TextNgrams.row("a?b"), TextNgrams.row("a\uD800b"));
    }

    @Test
    void countsEndWhereFloat16HoldsThem() {
        float[] row = TextNgrams.row("la ".repeat(5000));

        assertEquals(2048, row[bucket("wla")]);
    }

    @Test
    void aTextOfNoWordsIsEmpty() {
        assertArrayEquals(new float[2048], TextNgrams.row(" ?! "));
    }

    @Test
    void textsHaveARowEach() {
        float[] rows = TextNgrams.rows(List.of("one", "two"));

        assertArrayEquals(TextNgrams.row("one"), Arrays.copyOf(rows, 2048));
        assertArrayEquals(TextNgrams.row("two"), Arrays.copyOfRange(rows, 2048, 4096));
    }
}
