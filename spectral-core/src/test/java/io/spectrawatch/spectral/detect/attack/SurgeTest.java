package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Referee;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SurgeTest {

    private static final long SECOND = 1_000_000;
    private static final double TOLERATED = 0.05;
    private static final int BEATS = 70;
    private static final SurgeOptions DEFAULTS = new SurgeOptions(0.1, SECOND, TOLERATED, 5);

    private static BeatCounts beat(int samples, int exceedances) {
        return new BeatCounts(samples, exceedances, 0, 0);
    }

    /**
     * A budget that a simulation can see: 864 alerts a day are one in a hundred beats, half of it
     * for each pane. Beats whose expected share is the tolerated one, in the shapes that bets win
     * most by: all samples of a beat alike, or independent.
     */
    @Test
    void falseAlertsStayWithinTheBudget() {
        SurgeOptions options = new SurgeOptions(864, SECOND, TOLERATED, 5);
        long seed = Long.getLong("spectrawatch.seed", 20260101L);
        int panes = Referee.size(4_000, 200_000);
        for (double alike : new double[] {1, 0.5, 0}) {
            SplittableRandom random = new SplittableRandom(seed);
            long fired = 0;
            for (int pane = 0; pane < panes; pane++) {
                Surge surge = Surge.start(options);
                for (int b = 0; b < BEATS && !surge.fired(); b++) {
                    surge = surge.observe(b, unchanged(alike, random));
                }
                fired += surge.fired() ? 1 : 0;
            }
            double bound = BEATS * 0.01 / 2;
            double spread = 4 * Math.sqrt(bound * (1 - bound) / panes);
            assertTrue(
                    (double) fired / panes <= bound + spread,
                    fired
                            + " of "
                            + panes
                            + " panes; repeat with mvn -pl spectral-core test -Dtest=SurgeTest"
                            + " -Dspectrawatch.seed="
                            + seed);
        }
    }

    private static BeatCounts unchanged(double alike, SplittableRandom random) {
        boolean together = random.nextDouble() < alike;
        boolean all = random.nextDouble() < TOLERATED;
        int exceedances = 0;
        for (int i = 0; i < 20; i++) {
            boolean own = together ? all : random.nextDouble() < TOLERATED;
            exceedances += own ? 1 : 0;
        }
        return beat(20, exceedances);
    }

    @Test
    void overwhelmingEvidenceFiresWithinSeconds() {
        Surge surge = Surge.start(DEFAULTS);
        int beats = 0;
        while (!surge.fired()) {
            surge = surge.observe(beats++, beat(400, 390));
        }
        assertTrue(beats <= 7, "after " + beats + " beats");
        assertEquals(beats - 1, surge.lastBeat());
        assertEquals(400L * beats, surge.counts().samples());
        assertSame(surge, surge.observe(beats, beat(1, 0)), "it stays as it was then");
    }

    @Test
    void beatsWithoutSamplesSayNothingAndOrderIsRequired() {
        Surge surge = Surge.start(DEFAULTS).observe(3, beat(10, 1));
        assertSame(surge, surge.observe(4, beat(0, 0)));
        assertThrows(IllegalArgumentException.class, () -> surge.observe(3, beat(1, 1)));
    }

    @Test
    void bytesAreReadBackAndAnythingElseIsRefused() {
        Surge surge = Surge.start(DEFAULTS);
        for (int b = 0; b < 4; b++) {
            byte[] bytes = surge.toBytes();
            assertArrayEquals(bytes, Surge.fromBytes(bytes).toBytes());
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThrows(IllegalArgumentException.class, () -> Surge.fromBytes(cut));
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThrows(IllegalArgumentException.class, () -> Surge.fromBytes(longer));
            surge = surge.observe(b, new BeatCounts(10, 9, 4, 3));
        }
        byte[] another = surge.toBytes();
        another[7]++;
        assertThrows(IllegalArgumentException.class, () -> Surge.fromBytes(another));
    }

    @Test
    void whatIsAlikeForNearlyEveryoneIsAShift() {
        assertEquals(StreamKind.INPUT_SHIFT, StreamKind.of(new BeatCounts(100, 95, 10, 9)));
        assertEquals(StreamKind.UNDER_ATTACK, StreamKind.of(new BeatCounts(100, 95, 10, 7)));
        assertEquals(StreamKind.UNDER_ATTACK, StreamKind.of(new BeatCounts(100, 40, 10, 10)));
        assertEquals(StreamKind.INPUT_SHIFT, StreamKind.of(new BeatCounts(100, 80, 0, 0)));
        assertEquals(StreamKind.UNDER_ATTACK, StreamKind.of(new BeatCounts(100, 79, 2, 2)));
        List<HeavyHitters.Entry> clients =
                List.of(
                        new HeavyHitters.Entry("a", 10, 10, 5),
                        new HeavyHitters.Entry("b", 6, 6, 2),
                        new HeavyHitters.Entry("few", 4, 4, 4));
        BeatCounts counts = new BeatCounts(20, 12, 2, 1);
        assertEquals(counts, StreamKind.counts(20, 12, clients));
        assertEquals(counts, StreamKind.counts(20, 12, HeavyHitters.of(3, clients)));
    }

    @Test
    void optionsThatPromiseNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SurgeOptions(0, SECOND, 0.05, 5));
        assertThrows(IllegalArgumentException.class, () -> new SurgeOptions(1, 0, 0.05, 5));
        assertThrows(IllegalArgumentException.class, () -> new SurgeOptions(1, SECOND, 0.05, 0));
        assertThrows(
                IllegalArgumentException.class, () -> new SurgeOptions(86_400, SECOND, 0.05, 5));
        assertFalse(Surge.start(DEFAULTS).fired());
    }
}
