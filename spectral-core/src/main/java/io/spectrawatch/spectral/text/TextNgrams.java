package io.spectrawatch.spectral.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A text as counts of hashed n-grams: one row of 2,048 columns, {@code word n-grams (1024) |
 * character n-grams (1024)}. They hide a text from a glance; who guesses it can check the guess.
 *
 * <p>The format {@code text-ngrams-1}, exactly; the Python tap makes the same rows:
 *
 * <ol>
 *   <li>Characters are Unicode scalar values; a surrogate that is no half of a pair counts as
 *       {@code ?}. A-Z, U+00C0 to U+00DE but U+00D7, U+0391 to U+03A9 and U+0410 to U+042F become
 *       the character 32 places on, U+0400 to U+040F that 80 places on. Nothing else is normalised:
 *       no table of a Unicode version has a part in it.
 *   <li>Word characters are a-z, 0-9, the apostrophe, and from U+00C0 on all but U+2000 to U+206F,
 *       U+3000 to U+303F and U+FF00 to U+FF0F. Words are runs of them, as long as possible.
 *   <li>Word n-grams are one word, and two that follow one another with a space between. Character
 *       n-grams are 3, 4 and 5 characters that follow one another in the words, joined by a space,
 *       with a space before the first and one behind the last.
 *   <li>An n-gram is counted at the CRC-32 (of zlib) of its UTF-8, with a {@code w} before a word
 *       n-gram and a {@code c} before one of characters, modulo 1024, unsigned; those of characters
 *       1024 places on.
 *   <li>A count ends at 2048, up to which FLOAT16 holds whole numbers.
 * </ol>
 */
public final class TextNgrams {
    /** Name and tap of the layer that holds such rows. */
    public static final String FORMAT = "text-ngrams-1";

    /** Buckets of word n-grams, which come first. */
    public static final int WORDS = 1024;

    /** Buckets of character n-grams. */
    public static final int CHARACTERS = 1024;

    /** Columns of a row. */
    public static final int COLUMNS = WORDS + CHARACTERS;

    /** The largest count. */
    public static final int MOST = 2048;

    private static final int SHORTEST = 3;
    private static final int LONGEST = 5;
    private static final int FIRST_BEYOND_ASCII = 0xC0;

    private final float[] counts;
    private final int at;
    private final CRC32 hash = new CRC32();

    private TextNgrams(float[] counts, int at) {
        this.counts = counts;
        this.at = at;
    }

    /** Returns the counts of one text. */
    public static float[] row(String text) {
        float[] row = new float[COLUMNS];
        into(text, row, 0);
        return row;
    }

    /** Returns the counts of texts, a row each. */
    public static float[] rows(List<String> texts) {
        float[] rows = new float[Math.multiplyExact(texts.size(), COLUMNS)];
        for (int i = 0; i < texts.size(); i++) {
            into(texts.get(i), rows, i * COLUMNS);
        }
        return rows;
    }

    private static void into(String text, float[] counts, int at) {
        List<String> words = words(text);
        TextNgrams grams = new TextNgrams(counts, at);
        for (int i = 0; i < words.size(); i++) {
            grams.add('w', words.get(i), 0, WORDS);
            if (i > 0) {
                grams.add('w', words.get(i - 1) + " " + words.get(i), 0, WORDS);
            }
        }
        int[] line = (" " + String.join(" ", words) + " ").codePoints().toArray();
        for (int n = SHORTEST; n <= LONGEST; n++) {
            for (int i = 0; i + n <= line.length; i++) {
                grams.add('c', new String(line, i, n), WORDS, CHARACTERS);
            }
        }
    }

    private void add(char kind, String gram, int from, int buckets) {
        hash.reset();
        hash.update(kind);
        hash.update(gram.getBytes(StandardCharsets.UTF_8));
        int bucket = at + from + (int) (hash.getValue() % buckets);
        counts[bucket] = Math.min(MOST, counts[bucket] + 1);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            int lower = lower(c);
            if (isOfWord(lower)) {
                word.appendCodePoint(lower);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    private static int lower(int c) {
        boolean near =
                within(c, 'A', 'Z')
                        || within(c, 0xC0, 0xDE) && c != 0xD7
                        || within(c, 0x391, 0x3A9)
                        || within(c, 0x410, 0x42F);
        return near ? c + 32 : within(c, 0x400, 0x40F) ? c + 80 : c;
    }

    private static boolean isOfWord(int c) {
        if (c < FIRST_BEYOND_ASCII) {
            return within(c, 'a', 'z') || within(c, '0', '9') || c == '\'';
        }
        return !within(c, 0x2000, 0x206F)
                && !within(c, 0x3000, 0x303F)
                && !within(c, 0xFF00, 0xFF0F)
                && !within(c, Character.MIN_SURROGATE, Character.MAX_SURROGATE);
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
