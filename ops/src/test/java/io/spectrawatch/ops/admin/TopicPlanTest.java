package io.spectrawatch.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

    private static List<TopicState> states(int partitions, int replicas, Topics... missing) {
        List<TopicState> states = new ArrayList<>();
        for (Topics topic : Topics.values()) {
            boolean exists = !List.of(missing).contains(topic);
            states.add(
                    new TopicState(
                            topic.topicName("t."),
                            exists,
                            exists ? topic.sharded() ? partitions : 1 : 0,
                            exists ? replicas : 0,
                            Map.of(),
                            List.of()));
        }
        return states;
    }

    @Test
    void anotherNumberOfPartitionsNamesEachTopicAndCreatesNothing() {
        List<String> differences =
                TopicPlan.of(states(2, 1, Topics.LAYERS), 3, null, null).differences();
        assertEquals(
                List.of(
                        "t.activations: 3 partition(s) asked for, it has 2",
                        "t.validated: 3 partition(s) asked for, it has 2",
                        "t.rejected: 3 partition(s) asked for, it has 2"),
                differences);
    }

    @Test
    void withoutOptionsTheTopicsThatExistDecide() {
        TopicPlan plan = TopicPlan.of(states(2, 3, Topics.VALIDATED), null, null, null);
        assertEquals(new TopicPlan(2, 1, (short) 3, List.of()), plan);
        assertEquals(
                new TopicPlan(TopicPlan.PARTITIONS, 1, (short) 1, List.of()),
                TopicPlan.of(List.of(), null, null, null));
        assertEquals(
                new TopicPlan(5, 3, (short) 2, List.of()),
                TopicPlan.of(states(0, 0, Topics.values()), 5, 3, (short) 2));
    }

    @Test
    void theTopicsOfTheMonitorMayHaveAnyNumberUnlessOneIsAskedFor() {
        List<TopicState> states = new ArrayList<>(states(2, 1));
        TopicState sketches = states.get(Topics.SKETCHES.ordinal());
        states.set(
                Topics.SKETCHES.ordinal(),
                new TopicState(sketches.name(), true, 3, 1, Map.of(), List.of()));

        assertEquals(List.of(), TopicPlan.of(states, null, null, null).differences());
        assertEquals(3, TopicPlan.of(states, null, null, null).outputs());
        assertEquals(
                List.of("t.sketches: 1 partition(s) asked for, it has 3"),
                TopicPlan.of(states, null, 1, null).differences());
        for (Topics topic : Topics.values()) {
            int problems = TopicAdmin.problems(topic, 5, 1, topic.config()).size();
            assertEquals(topic.spread() ? 0 : 1, problems, topic.name());
        }
    }

    @Test
    void anotherReplicationFactorIsADifferenceWhereItIsAskedFor() {
        assertTrue(TopicPlan.of(states(2, 1), 2, null, null).differences().isEmpty());
        assertEquals(
                Topics.values().length,
                TopicPlan.of(states(2, 1), 2, null, (short) 3).differences().size());
    }

    private static List<String> problems(Topics topic, int partitions, String... changed) {
        Map<String, String> config = new HashMap<>(topic.config());
        for (int i = 0; i < changed.length; i += 2) {
            config.put(changed[i], changed[i + 1]);
        }
        return TopicAdmin.problems(topic, partitions, topic.sharded() ? 2 : 1, config);
    }

    @Test
    void everythingTheTableSaysIsCompared() {
        for (Topics topic : Topics.values()) {
            assertEquals(List.of(), problems(topic, topic.sharded() ? 2 : 1), topic.name());
            for (String key : topic.config().keySet()) {
                assertEquals(
                        1,
                        problems(
                                        topic,
                                        topic.sharded() ? 2 : 1,
                                        key,
                                        key.endsWith("ms") ? "1" : "7")
                                .size(),
                        topic + " " + key);
            }
        }
        assertEquals(
                List.of("retention.ms: expected at least 604800000, found 1000"),
                problems(Topics.VALIDATED, 2, "retention.ms", "1000"));
        assertEquals(List.of(), problems(Topics.VALIDATED, 2, "retention.ms", "2592000000"));
        assertEquals(List.of(), problems(Topics.VALIDATED, 2, "retention.ms", "-1"));
        assertEquals(
                List.of("retention.ms: expected -1, found 604800000"),
                problems(Topics.ACTIVATION, 1, "retention.ms", "604800000"));
        assertEquals(
                List.of("retention.bytes: expected -1, found 1073741824"),
                problems(Topics.VALIDATED, 2, "retention.bytes", "1073741824"));
        assertEquals(
                List.of("cleanup.policy: expected compact, found compact,delete"),
                problems(Topics.MODELS, 1, "cleanup.policy", "compact,delete"));
    }

    @Test
    void doctorHoldsBothRetentionsAgainstTheHorizonInstead() {
        TopicState shortened =
                new TopicState(
                        "t.validated",
                        true,
                        2,
                        1,
                        Map.of(),
                        problems(Topics.VALIDATED, 3, "retention.ms", "1", "retention.bytes", "1"));
        assertEquals(3, shortened.problems().size());
        assertEquals(1, shortened.problemsBesideRetention().size());
    }

    @Test
    void aLineIsAboutItsOwnTopic() {
        assertEquals(
                List.of("expected 2 partitions like the sharded topics before it, found 3"),
                problems(Topics.VALIDATED, 3));
        assertEquals(List.of(), problems(Topics.REJECTED, 2));
        assertEquals(List.of("expected 1 partition, found 3"), problems(Topics.LAYERS, 3));
    }
}
