package io.spectrawatch.ops.demo.python;

import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.Glosses.PartOfSpeech;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** What the server is asked: glosses of nouns, none twice, and glosses with words put behind. */
final class PythonTexts {

    private final List<String> clean;
    private final List<Text> attacked = new ArrayList<>();
    private int next;

    /**
     * A text.
     *
     * @param appendedAt where in it begins what an attacker has put behind; its end if nobody has
     */
    record Text(String text, int appendedAt) {}

    /**
     * @param attacked lines of a text, a tab, and what was put behind it
     * @param seed order of the clean ones
     * @throws IOException if the file cannot be read, or a line is none
     */
    PythonTexts(Path attacked, long seed) throws IOException {
        this.clean = Glosses.shuffled(Glosses.of(EnumSet.of(PartOfSpeech.NOUN)), seed);
        for (String line : Files.readAllLines(attacked)) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 2) {
                throw new IOException(
                        attacked + ": a text, a tab and words expected, found '" + line + "'");
            }
            clean.remove(parts[0]);
            this.attacked.add(new Text(parts[0] + " " + parts[1], parts[0].length() + 1));
        }
    }

    /** The next clean ones. */
    List<Text> clean(int count) {
        List<Text> texts = new ArrayList<>();
        for (String text : clean.subList(next, next + count)) {
            texts.add(new Text(text, text.length()));
        }
        next += count;
        return texts;
    }

    /** All attacked ones. */
    List<Text> attacked() {
        return attacked;
    }
}
