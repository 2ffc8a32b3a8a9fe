package io.spectrawatch.spectral.gsvd;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    void equalPointsAreRefused() {
        double[] h = {1};
        assertThrows(IllegalArgumentException.class, () -> PairRatio.of(h, 1, 1, h, 1, 1, 0));
    }

    private static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
