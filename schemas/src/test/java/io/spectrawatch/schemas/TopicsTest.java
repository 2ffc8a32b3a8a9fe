package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicsTest {

    @ParameterizedTest
    @EnumSource(Topics.class)
    void everyTopicTakesTheLargestRecord(Topics topic) {
        assertTrue(
                Integer.parseInt(topic.config().get("max.message.bytes"))
                        > Topics.MAX_RECORD_BYTES);
        assertTrue(topic.topicName(Topics.DEFAULT_PREFIX).startsWith("spectrawatch."));
    }

    @Test
    void onlyTheBrokersClockStampsActivations() {
        assertEquals("LogAppendTime", Topics.ACTIVATIONS.config().get("message.timestamp.type"));
    }

    @Test
    void theTopicsOfShardsAreSharded() {
        assertTrue(Topics.ACTIVATIONS.sharded());
        assertTrue(Topics.VALIDATED.sharded());
    }

    @Test
    void keysOfAModelVersionHaveItInCommonWhateverTheyAreAbout() {
        String model = Topics.key("a/b", "1");
        for (String key :
                List.of(
                        model,
                        Topics.key("a/b", "1", "h/0"),
                        Topics.inSegment(model, "route=/x"),
                        Topics.inSegment(Topics.key("a/b", "1", "h/0"), "route=/x"))) {
            assertEquals(model, Topics.modelOf(key));
        }
        assertNotEquals(model, Topics.modelOf(Topics.key("a", "b", "1")));
    }

    @Test
    void activationsAreKeptLongerThanTheVerdictsThatLeadToThem() {
        Map<String, String> log = Topics.VALIDATED.config();
        assertTrue(Topics.outlives(Topics.ACTIVATIONS.config(), log));
        long least = 7L * 24 * 3600_000 + 6 * 3600_000;
        assertTrue(Topics.outlives(kept(least, -1), log));
        assertFalse(Topics.outlives(kept(least - 1, -1), log));
        assertFalse(Topics.outlives(kept(least, 1 << 30), log));
        assertTrue(Topics.outlives(kept(-1, -1), log));
        Map<String, String> forEver = new HashMap<>(log);
        forEver.put("retention.ms", "-1");
        assertFalse(Topics.outlives(kept(least, -1), forEver));
        assertTrue(Topics.outlives(kept(-1, -1), forEver));
    }

    private static Map<String, String> kept(long millis, long bytes) {
        return Map.of("retention.ms", "" + millis, "retention.bytes", "" + bytes);
    }

    @Test
    void theActivationsStandBesideTheValidatedLogOfTheSamePrefix() {
        assertEquals("a.activations", Topics.activationsOf("a.validated"));
        assertEquals("activations", Topics.activationsOf("validated"));
        assertThrows(IllegalArgumentException.class, () -> Topics.activationsOf("a.rejected"));
    }

    @Test
    void differentPartsNeverGiveTheSameKey() {
        assertEquals("a%2Fb/1/%2Fenc%2F0", Topics.key("a/b", "1", "/enc/0"));
        assertNotEquals(Topics.key("a/b", "c"), Topics.key("a", "b/c"));
        assertNotEquals(Topics.key("a%2Fb"), Topics.key("a/b"));
        for (String part : List.of("", "a/b", "a%2Fb", "%252F%", "/")) {
            assertArrayEquals(new String[] {part, "1"}, Topics.parts(Topics.key(part, "1")));
        }
    }
}
