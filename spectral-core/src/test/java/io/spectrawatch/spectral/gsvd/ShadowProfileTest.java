package io.spectrawatch.spectral.gsvd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.dense.SymmetricMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShadowProfileTest {
    private static final int P = 4;

    /** Merges rebuild the ellipsoid, each to a ten-thousandth of excess. */
    private static final double MERGE = 1e-2;

    private static final double ROUNDING = 1e-9;

    @Test
    void theUpdatePassesThroughThePointAndEnclosesThePast() {
        Property.forAll(ShadowProfileTest.class, 20, ShadowProfileTest::checkUpdate);
    }

    private static void checkUpdate(Random random) {
        double[] identity = new double[P * P];
        for (int i = 0; i < P; i++) {
            identity[i * P + i] = 1;
        }
        EnclosingEllipsoid ellipsoid =
                EnclosingEllipsoid.of(new SymmetricMatrix(P, identity), List.of());
        List<double[]> seen = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            double[] z = random.doubles(P, -2, 2).toArray();
            if (ellipsoid.include(z)) {
                assertEquals(1, ellipsoid.load(z), ROUNDING);
            }
            seen.add(z);
        }
        for (double[] z : seen) {
            assertTrue(ellipsoid.load(z) <= 1 + ROUNDING, "load " + ellipsoid.load(z));
        }
    }

    @Test
    void theMinimumVolumeEllipsoidBeatsTheStreamingOneAndEncloses() {
        Random random = new Random(11);
        List<double[]> points = points(random, 500);
        EnclosingEllipsoid best = EnclosingEllipsoid.minimumVolume(points, P);
        EnclosingEllipsoid streamed = EnclosingEllipsoid.minimumVolume(points.subList(0, 50), P);
        points.forEach(streamed::include);
        for (double[] z : points) {
            assertTrue(best.load(z) <= 1 + ROUNDING);
        }
        assertTrue(
                best.shape().logDeterminant()
                        >= streamed.shape().logDeterminant() - P * EnclosingEllipsoid.TOLERANCE);
    }

    @Test
    void mergingDoesNotDependOnTheOrder() {
        Random random = new Random(3);
        GsvdProfile frozen = frozen(random);
        ShadowProfile[] shards = new ShadowProfile[3];
        double[][][] traffic = new double[3][300][];
        for (int s = 0; s < 3; s++) {
            for (int i = 0; i < 300; i++) {
                traffic[s][i] = random.doubles(P, -2, 2).toArray();
            }
        }
        ShadowProfile.Growth[] found = new ShadowProfile.Growth[2];
        int[][] orders = {{0, 1, 2}, {2, 0, 1}};
        for (int o = 0; o < 2; o++) {
            for (int s = 0; s < 3; s++) {
                shards[s] = frozen.shadow();
                for (double[] y : traffic[s]) {
                    shards[s].update(1, y);
                }
            }
            ShadowProfile merged = shards[orders[o][0]];
            merged.merge(shards[orders[o][1]]);
            merged.merge(shards[orders[o][2]]);
            assertEquals(900, merged.rows());
            found[o] = merged.since(frozen);
        }
        assertEquals(found[0].logVolume(), found[1].logVolume(), MERGE);
        assertEquals(found[0].largestLogAxis(), found[1].largestLogAxis(), MERGE);
    }

    @Test
    void trafficMovesTheShadowAndNotTheProfile() {
        Random random = new Random(4);
        GsvdProfile frozen = frozen(random);
        double[] sigma = frozen.sigma();
        ShadowProfile shadow = frozen.shadow();
        assertEquals(0, shadow.since(frozen).logVolume(), ROUNDING);
        assertFalse(shadow.update(1, new double[P]));
        assertFalse(shadow.update(1e-9, new double[] {9, 9, 9, 9}));
        assertTrue(shadow.update(1, new double[] {1000, 0, 0, 0}));
        assertTrue(shadow.since(frozen).logVolume() > 1);
        assertTrue(shadow.since(frozen).largestLogAxis() > 1);
        assertTrue(shadow.since(frozen).angle() > 0);
        assertArrayEquals(sigma, frozen.sigma());
        assertEquals(0, frozen.shadow().since(frozen).logVolume(), ROUNDING);
    }

    @Test
    void anImageThatIsNotFiniteIsRefused() {
        ShadowProfile shadow = frozen(new Random(4)).shadow();
        assertThrows(
                IllegalArgumentException.class,
                () -> shadow.update(1, new double[] {Double.NaN, 0, 0, 0}));
    }

    private static GsvdProfile frozen(Random random) {
        double[] images = random.doubles(200L * P, -1, 1).toArray();
        double[] norms = random.doubles(200, 1, 2).toArray();
        return GsvdProfile.fit(norms, images, new double[P], 0.5, 0.1);
    }

    private static List<double[]> points(Random random, int count) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(random.doubles(P, -1, 1).toArray());
        }
        return points;
    }
}
