package io.spectrawatch.flink.monitor.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.message.EntryId.Kind;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryIdTest {

    private static final Pane PANE = new Pane(-10, 20);
    private static final ModelKey MODEL = new ModelKey("a/b", "1%", "abc");

    /** They lie in the state of running jobs. */
    @Test
    void namesStayAsTheyAre() {
        List<String> names = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            EntryId id =
                    switch (kind) {
                        case PART ->
                                EntryId.ofLayer(PANE, new LayerId(MODEL, 3, "block/3", 64), 12);
                        case INTERFACE -> EntryId.ofInterface(PANE, MODEL, 4, 12);
                        default -> EntryId.ofModel(kind, PANE, MODEL, 12);
                    };
            names.add(id.stateName());
        }
        assertEquals(
                List.of(
                        "input/-10/20/a%2Fb/1%25/abc/12",
                        "judgement/-10/20/a%2Fb/1%25/abc/12",
                        "scores/-10/20/a%2Fb/1%25/abc/12",
                        "growth/-10/20/a%2Fb/1%25/abc/12",
                        "unwatched/-10/20/a%2Fb/1%25/abc/12",
                        "evicted/-10/20/a%2Fb/1%25/abc/12",
                        "part/-10/20/a%2Fb/1%25/abc/0000000003/block%2F3/64/12",
                        "interface/-10/20/a%2Fb/1%25/abc/0000000004/12"),
                names);
    }

    @Test
    void aSegmentStandsBehindTheDigest() {
        ModelKey segment = MODEL.in("route=/chat");
        assertEquals(
                "input/-10/20/a%2Fb/1%25/abc%inroute=%2Fchat/12",
                EntryId.ofInput(PANE, segment, 12).stateName());
        LayerId part = new LayerId(segment, 3, "block/3", 64);
        String name = EntryId.ofLayer(PANE, part, 12).stateName();
        assertEquals("part/-10/20/a%2Fb/1%25/abc%inroute=%2Fchat/0000000003/block%2F3/64/12", name);
        assertEquals(StateNames.of("", PANE, segment), StateNames.placeOf(name));
    }

    @Test
    void namesReadBack() {
        Random random = new Random(TestLog.seed());
        for (int i = 0; i < 2000; i++) {
            Pane pane = Pane.of(random.nextLong() >> 2, 1 + random.nextInt(1000));
            ModelKey model =
                    new ModelKey(
                            text(random),
                            text(random),
                            text(random),
                            random.nextBoolean() ? null : text(random));
            LayerId part =
                    new LayerId(
                            model,
                            random.nextInt(Integer.MAX_VALUE),
                            text(random),
                            1 + random.nextInt(9999));
            int shard = random.nextInt(1000);
            for (EntryId id :
                    List.of(
                            EntryId.ofLayer(pane, part, shard),
                            EntryId.ofInterface(pane, model, part.index(), shard),
                            EntryId.ofInput(pane, model, shard))) {
                assertEquals(id, EntryId.ofStateName(id.stateName()), TestLog.repeat());
                assertEquals(id.group() + "/" + shard, id.stateName());
            }
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append("ab/%2F5é-".charAt(random.nextInt(9)));
        }
        return text.toString();
    }

    @Test
    void otherNamesAreNoEntriesAndDamagedOnesAreRefused() {
        assertNull(EntryId.ofStateName("clock"));
        assertNull(EntryId.ofStateName("surge/a/1/abc"));
        assertRefused("scores/0/10/a/1/abc/0/12", "a name of 7 parts expected, found 8");
        assertRefused("part/0/10/a/1/abc/12", "a name of 10 parts expected, found 7");
        assertRefused("interface/0/10/a/1/abc/first/12", "a number expected");
    }

    private static void assertRefused(String name, String why) {
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> EntryId.ofStateName(name));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
