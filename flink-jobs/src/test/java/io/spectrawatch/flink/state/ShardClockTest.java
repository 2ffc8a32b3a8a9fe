package io.spectrawatch.flink.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Tick;
import org.junit.jupiter.api.Test;

class ShardClockTest {

    private static final ModelKey MODEL = new ModelKey("m", "1", "d");

    private final ShardClock clock = new ShardClock();

    @Test
    void panesStartAtMultiplesOfTheirLengthAlsoBeforeTheEpoch() {
        assertEquals(new Pane(0, 10), Pane.of(0, 10));
        assertEquals(new Pane(0, 10), Pane.of(9, 10));
        assertEquals(new Pane(10, 20), Pane.of(10, 10));
        assertEquals(new Pane(-10, 0), Pane.of(-1, 10));
    }

    @Test
    void closesAtTheFirstTickAtOrAfterEndPlusLateness() {
        Pane pane = new Pane(0, 10);
        clock.advance(tick(11, 10, 2));
        assertFalse(clock.closes(pane));
        clock.advance(tick(12, 10, 2));
        assertTrue(clock.closes(pane));
    }

    @Test
    void timeNeverGoesBack() {
        clock.advance(tick(50, 10, 2));
        clock.advance(tick(40, 10, 2));
        assertEquals(50, clock.time());
    }

    @Test
    void boundaryMovesByWholePanesAndOnlyForward() {
        clock.advance(tick(11, 10, 2));
        assertTrue(clock.closeThrough(Long.MIN_VALUE));
        assertEquals(0, clock.closedThrough());
        clock.advance(tick(21, 10, 2));
        assertTrue(clock.closeThrough(10));
        assertEquals(10, clock.closedThrough());
        clock.advance(tick(21, 10, 2));
        assertFalse(clock.closeThrough(Long.MIN_VALUE));
        assertTrue(clock.isClosed(new Pane(0, 10)));
        assertFalse(clock.isClosed(new Pane(10, 20)));
    }

    @Test
    void aPaneOfAFormerLengthMovesTheBoundaryPastTheGrid() {
        clock.advance(tick(62, 7, 2));
        assertTrue(clock.closeThrough(60));
        assertEquals(60, clock.closedThrough());
    }

    @Test
    void baselineIsTheLatestEffectiveOneAndTheLaterRecordOnTies() {
        clock.activate(new Activation("m", "1", "b1", 100));
        clock.activate(new Activation("m", "1", "b3", 300));
        clock.activate(new Activation("m", "1", "b2", 200));
        clock.activate(new Activation("m", "1", "b2'", 200));
        clock.activate(new Activation("other", "1", "x", 0));
        assertNull(clock.baseline(MODEL, new Pane(90, 100)));
        assertEquals("b1", clock.baseline(MODEL, new Pane(100, 110)));
        assertEquals("b2'", clock.baseline(MODEL, new Pane(290, 300)));
        assertEquals("b3", clock.baseline(MODEL, new Pane(300, 310)));
    }

    @Test
    void segmentsHaveActivationsOfTheirOwn() {
        clock.activate(new Activation("m", "1", "b1", 100));
        clock.activate(new Activation("m", "1", "route=/b", "b2", 100));
        clock.activate(new Activation("m", "1", "route=/a", "b3", 200));
        clock.activate(new Activation("m", "1", "route=/b", null, 300));
        clock.activate(new Activation("m", "1", "nonsense", "b4", 0));
        clock.activate(new Activation("m", "2", "route=/c", "b5", 0));
        assertEquals("[]", segments(90));
        assertEquals("[route=/b]", segments(100));
        assertEquals("[route=/a, route=/b]", segments(200));
        assertEquals("[route=/a]", segments(300));
        assertEquals("b1", clock.baseline(MODEL, new Pane(300, 310)));
        assertEquals("b2", clock.baseline(MODEL.in("route=/b"), new Pane(290, 300)));
        assertNull(clock.baseline(MODEL.in("route=/b"), new Pane(300, 310)));
        byte[] bytes = clock.toBytes();
        ShardClock read = ShardClock.fromBytes(bytes);
        assertArrayEquals(bytes, read.toBytes());
        assertEquals("b3", read.baseline(MODEL.in("route=/a"), new Pane(300, 310)));
        clock.advance(tick(402, 10, 2));
        assertTrue(clock.closeThrough(Long.MIN_VALUE));
        assertEquals("[route=/a]", segments(400));
        assertEquals("b1", clock.baseline(MODEL, new Pane(400, 410)));
    }

    private String segments(long start) {
        return clock.segments(MODEL, new Pane(start, start + 10)).toString();
    }

    @Test
    void supersededActivationsAreForgottenAndTheOneInForceStays() {
        clock.activate(new Activation("m", "1", "b1", 0));
        clock.activate(new Activation("m", "1", null, 10));
        clock.activate(new Activation("m", "1", "b2", 20));
        clock.activate(new Activation("m", "1", "b3", 900));
        int before = clock.toBytes().length;
        clock.advance(tick(102, 10, 2));
        assertTrue(clock.closeThrough(Long.MIN_VALUE));
        assertTrue(clock.toBytes().length < before);
        assertEquals("b2", clock.baseline(MODEL, new Pane(100, 110)));
        assertEquals("b3", clock.baseline(MODEL, new Pane(900, 910)));
    }

    private static Tick tick(long time, long paneLength, long lateness) {
        return Tick.newBuilder()
                .setTime(time)
                .setPaneLength(paneLength)
                .setLateness(lateness)
                .setShard(0)
                .setShards(1)
                .setSequence(0)
                .build();
    }
}
