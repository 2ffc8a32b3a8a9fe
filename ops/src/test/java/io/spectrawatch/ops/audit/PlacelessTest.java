package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Recorded;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which records tell that a pane cannot be replayed, because the model had no place. */
class PlacelessTest {

    private static final Scope SCOPE = new Scope("m", "1", 100, 200);

    private static Entry entry(long start, String reason, long snapshots) {
        return Made.entry(
                Topics.SKETCHES,
                0,
                new UnwatchedLayers(
                        "m",
                        "1",
                        "d",
                        start,
                        start + 10,
                        reason,
                        snapshots,
                        List.of(),
                        0L,
                        "b",
                        null));
    }

    private static boolean placeless(long start, String reason, long snapshots) {
        return Recorded.placeless(entry(start, reason, snapshots), SCOPE);
    }

    @Test
    void snapshotsThatWereLeftOutForWantOfAPlaceDo() {
        assertTrue(placeless(100, "all 4 places are taken", 1));
        assertFalse(placeless(90, "all 4 places are taken", 1), "before the range");
        assertFalse(placeless(200, "all 4 places are taken", 1), "after it");
        assertFalse(placeless(100, null, 0), "only layers were left out");
    }

    /** Nor is it compared: what had a place before the range is not replayed. */
    @Test
    void thatAnIdleModelLostItsPlaceDoesNot() {
        assertFalse(placeless(100, "evicted: idle since", 0));
        assertFalse(SCOPE.covers(entry(100, "evicted: idle since", 0)));
    }
}
