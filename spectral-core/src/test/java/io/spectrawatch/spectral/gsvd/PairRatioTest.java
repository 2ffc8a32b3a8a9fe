package io.spectrawatch.spectral.gsvd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairRatioTest {
    /** The cosine comes from a difference of squares. */
    private static final double ROUNDING = 1e-7;

    private static final double DELTA = 0.4;

    @Test
    void theLiftRatioIsThatOfTheLiftsAndBoundedBelow() {
        Property.forAll(PairRatioTest.class, 5, PairRatioTest::check);
    }

    private static void check(Random random) {
        GsvdProfileTest.Net net = new GsvdProfileTest.Net(random, 8, 3);
        GsvdProfileTest.Sample sample = GsvdProfileTest.Sample.of(random, net, 300);
        GsvdProfile profile =
                GsvdProfile.fit(
                        sample.norms(), sample.images(), net.apply(new double[8]), DELTA, 1e-3);
        double least = DELTA / Math.sqrt(1 + DELTA * DELTA);
        for (int i = 1; i < 100; i++) {
            double[] x = sample.inputs()[i];
            double[] other = sample.inputs()[i - 1];
            double[] h = profile.coordinates(net.apply(x), 0);
            double[] g = profile.coordinates(net.apply(other), 0);
            PairRatio pair =
                    PairRatio.of(
                            h,
                            profile.tail(h, sample.norms()[i]),
                            sample.norms()[i],
                            g,
                            profile.tail(g, sample.norms()[i - 1]),
                            sample.norms()[i - 1],
                            squared(x, other));
            double direct =
                    Math.sqrt(
                            squared(
                                            profile.lift(x, net.apply(x)),
                                            profile.lift(other, net.apply(other)))
                                    / squared(x, other));
            assertEquals(direct, pair.lift(), ROUNDING);
            assertTrue(pair.lift() >= least, pair.toString());
            assertTrue(pair.gain() <= pair.lift(), pair.toString());
        }
    }

    @Test
    void aClientIsComparedWithItsOwnNearestRequestOnly() {
        RecentRequests recent = new RecentRequests(2, 2);
        assertNull(recent.observe("a", request(0), 0.01, 1));
        assertNull(recent.observe("b", request(0.5), 0.01, 1));
        assertEquals(0.4, recent.observe("a", request(0.4), 0.01, 1).distance(), ROUNDING);
        assertEquals(0.1, recent.observe("a", request(0.5), 0.01, 1).distance(), ROUNDING);
        assertNull(recent.observe("a", request(0.5), 0.2, 0.3), "too near and too far");
        assertNull(recent.observe("c", request(0.5), 0.01, 1), "b is forgotten, c is new");
        assertNull(recent.observe("b", request(0.6), 0.01, 1));
    }

    @Test
    void aSnapshotRestoresTheMemory() {
        RecentRequests recent = new RecentRequests(4, 4);
        recent.observe("a", request(0), 0.01, 1);
        RecentRequests other = new RecentRequests(4, 4);
        other.restore(recent.snapshot());
        assertNotNull(other.observe("a", request(0.5), 0.01, 1));
    }

    @Test
    void emptyBoundsAndEqualPointsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RecentRequests(0, 1));
        double[] h = {1};
        assertThrows(IllegalArgumentException.class, () -> PairRatio.of(h, 1, 1, h, 1, 1, 0));
    }

    private static RecentRequests.Request request(double at) {
        return new RecentRequests.Request(new double[] {1, at}, new double[] {at}, 0.5, 1);
    }

    private static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
