package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.capture.Glosses.PartOfSpeech;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlossesTest {

    @Test
    void everySynsetOfWordNetGivesOne() {
        List<String> all = Glosses.all();

        int parts = 0;
        for (PartOfSpeech part : PartOfSpeech.values()) {
            int size = Glosses.of(EnumSet.of(part)).size();
            assertTrue(size > 3_000, part + " has " + size);
            parts += size;
        }
        assertEquals(parts, all.size());
        assertEquals(117_791, all.size());
        assertFalse(all.stream().anyMatch(String::isBlank));
    }

    @Test
    void theDefinitionIsKeptWithoutItsExamples() {
        List<String> nouns = Glosses.of(EnumSet.of(PartOfSpeech.NOUN));

        assertEquals(
                "that which is perceived or known or inferred to have its own distinct existence"
                        + " (living or nonliving)",
                nouns.get(0));
        // The full line goes on: ; "it was full of rackets, balls and other objects"
        assertTrue(
                nouns.contains("a tangible and visible entity; an entity that can cast a shadow"));
    }

    @Test
    void theSeedDecidesTheOrder() {
        List<String> texts = Glosses.of(EnumSet.of(PartOfSpeech.ADVERB));

        List<String> shuffled = Glosses.shuffled(texts, 7);

        assertEquals(shuffled, Glosses.shuffled(texts, 7));
        assertNotEquals(shuffled, Glosses.shuffled(texts, 8));
        assertEquals(new HashSet<>(texts), new HashSet<>(shuffled));
    }
}
