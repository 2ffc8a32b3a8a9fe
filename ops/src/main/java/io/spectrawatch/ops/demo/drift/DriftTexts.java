package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.Glosses.PartOfSpeech;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** The sentences of each step, none used twice; a function of the seed alone. */
final class DriftTexts {

    private final List<String> nouns;
    private final List<String> verbs;
    private final Random random;
    private int nextNoun;
    private int nextVerb;

    DriftTexts(long seed) {
        this.nouns = Glosses.shuffled(Glosses.of(EnumSet.of(PartOfSpeech.NOUN)), seed);
        this.verbs = Glosses.shuffled(Glosses.of(EnumSet.of(PartOfSpeech.VERB)), seed);
        this.random = new Random(seed);
    }

    /** One sentence and the id of its sample. */
    record Text(String id, String text) {}

    Text next(DriftStep step) {
        switch (step) {
            case VERBS -> {
                Text verb = new Text("verb-" + nextVerb, verbs.get(nextVerb));
                nextVerb++;
                return verb;
            }
            case SHUFFLED -> {
                Text noun = nextNoun();
                return new Text("shuffled-" + noun.id(), shuffled(noun.text()));
            }
            default -> {
                return nextNoun();
            }
        }
    }

    private Text nextNoun() {
        Text noun = new Text("noun-" + nextNoun, nouns.get(nextNoun));
        nextNoun++;
        return noun;
    }

    private String shuffled(String text) {
        List<String> words = new ArrayList<>(List.of(text.split(" ")));
        Collections.shuffle(words, random);
        return String.join(" ", words);
    }
}
