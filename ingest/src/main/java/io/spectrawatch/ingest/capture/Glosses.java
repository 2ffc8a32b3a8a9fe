package io.spectrawatch.ingest.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Real English text without a download: the definitions of WordNet 3.1, some 117,000, straight from
 * its data files.
 *
 * <p>A line of a data file ends in {@code | definition; "example"; "example"}; the definition is
 * kept, the examples are not.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">WordNet, wndb(5WN)</a>
 */
public final class Glosses {

    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/data.";

    /** Lines of the licence at the head of a file begin so. */
    private static final String LICENCE = "  ";

    private static final char GLOSS = '|';

    /** WordNet's files. */
    public enum PartOfSpeech {
        NOUN("noun"),
        VERB("verb"),
        ADJECTIVE("adj"),
        ADVERB("adv");

        private final String file;

        PartOfSpeech(String file) {
            this.file = file;
        }
    }

    private Glosses() {}

    /** Every definition, nouns first, in WordNet's order. */
    public static List<String> all() {
        return of(EnumSet.allOf(PartOfSpeech.class));
    }

    /** The definitions of these parts of speech, in the order of the enumeration. */
    public static List<String> of(Set<PartOfSpeech> parts) {
        List<String> glosses = new ArrayList<>();
        for (PartOfSpeech part : PartOfSpeech.values()) {
            if (parts.contains(part)) {
                read(part, glosses);
            }
        }
        return glosses;
    }

    /** The same texts in an order that the seed alone decides. */
    public static List<String> shuffled(List<String> glosses, long seed) {
        List<String> shuffled = new ArrayList<>(glosses);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    private static void read(PartOfSpeech part, List<String> glosses) {
        String path = FOLDER + part.file;
        try (InputStream in = Glosses.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new CaptureException("the class path lacks WordNet's file " + path);
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int bar = line.indexOf(GLOSS);
                if (!line.startsWith(LICENCE) && bar >= 0) {
                    glosses.add(definition(line.substring(bar + 1).trim()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    /** What stands before the first example; the whole gloss if that is nothing. */
    private static String definition(String gloss) {
        int example = gloss.indexOf('"');
        int end = example < 0 ? gloss.length() : example;
        while (end > 0 && isSeparator(gloss.charAt(end - 1))) {
            end--;
        }
        return end == 0 ? gloss : gloss.substring(0, end);
    }

    private static boolean isSeparator(char c) {
        return c == ';' || c == ':' || c == ',' || c == ' ';
    }
}
