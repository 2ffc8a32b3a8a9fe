package io.spectrawatch.flink.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Activate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A request takes effect at the start of a pane that no shard can have begun. */
class ActivationTimeTest {

    private static final long SECOND = 1_000_000;
    private static final long PANE = 60 * SECOND;
    private static final LogClock CLOCK = new LogClock(1_000 * SECOND, PANE);

    @Test
    void theFirstPaneLiesBeyondSkewAndTransit() {
        // 1005 s + 30 s + 10 s = 1045 s; the next pane starts at 1080 s
        assertEquals(1_080 * SECOND, CLOCK.earliestActivation(1_005 * SECOND, 30 * SECOND));
        // exactly at a pane's start a snapshot of that pane may already have come
        assertEquals(1_140 * SECOND, CLOCK.earliestActivation(1_040 * SECOND, 30 * SECOND));
    }

    @Test
    void aLogAheadOfTheBrokersClockCounts() {
        assertEquals(1_080 * SECOND, CLOCK.earliestActivation(0, 30 * SECOND));
    }

    @Test
    void momentsAreMovedToTheNextPane() throws Exception {
        assertEquals(1_080 * SECOND, CLOCK.paneFrom(1_080 * SECOND));
        assertEquals(1_080 * SECOND, CLOCK.paneFrom(1_080 * SECOND - PANE + 1));
        assertEquals(0, CLOCK.paneFrom(-1));
        assertEquals(1_200 * SECOND, from(Optional.empty(), 1_141 * SECOND));
    }

    @Test
    void asSoonAsPossibleIsNotBeforeAStandingRequest() throws Exception {
        assertEquals(1_080 * SECOND, from(Optional.empty(), null));
        assertEquals(1_080 * SECOND, from(request(600 * SECOND), null));
        assertEquals(6_000 * SECOND, from(request(6_000 * SECOND), null));
    }

    @Test
    void aMomentTooEarlyIsRefusedWithTheEarliest() {
        BaselineException past =
                assertThrows(BaselineException.class, () -> from(Optional.empty(), 1_020 * SECOND));
        assertEquals(BaselineException.Reason.NOT_ALLOWED, past.reason());
        assertEquals(
                "a baseline can take effect from 1970-01-01T00:18:00Z on, the first pane that no"
                        + " shard can have begun; found 1970-01-01T00:17:00Z",
                past.getMessage());

        BaselineException pending =
                assertThrows(
                        BaselineException.class,
                        () -> from(request(6_000 * SECOND), 1_200 * SECOND));
        assertTrue(pending.getMessage().contains("where the model's last request does"));
    }

    private static long from(Optional<ActivationRequest> last, Long wished)
            throws BaselineException {
        return BaselineActivator.effectiveFrom(CLOCK, last, 1_080 * SECOND, wished);
    }

    private static Optional<ActivationRequest> request(long effectiveFrom) {
        return Optional.of(
                new ActivationRequest(
                        0, 0, new Activate("m", "1", "a", effectiveFrom, "me", null)));
    }
}
