package io.spectrawatch.spectral.gsvd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShadowProfileTest {
    private static final int P = 4;

    /** A rebuild keeps the points above .95 of the boundary, so each may lose a little volume. */
    private static final double MERGE = 5e-2;

    private static final double ROUNDING = 1e-9;
    private static final int MOST = 1000;
    private static final int ROOM = 64;

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
            if (ellipsoid.grow(z)) {
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
        points.forEach(streamed::grow);
        for (double[] z : points) {
            assertTrue(best.load(z) <= 1 + ROUNDING);
        }
        assertTrue(
                best.shape().logDeterminant()
                        >= streamed.shape().logDeterminant() - P * EnclosingEllipsoid.TOLERANCE);
    }

    @Test
    void theGrowthOfShardsDoesNotDependOnTheirOrderOrNumber() {
        Random random = new Random(3);
        GsvdProfile frozen = frozen(random);
        List<double[]> traffic = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            traffic.add(random.doubles(P, -2, 2).toArray());
        }
        ShadowProfile.Growth one = growth(frozen, traffic, 1, 0);
        for (int shards : new int[] {2, 3, 5}) {
            for (int first = 0; first < shards; first++) {
                ShadowProfile.Growth many = growth(frozen, traffic, shards, first);
                assertEquals(900, many.rows());
                assertEquals(one.outside(), many.outside());
                assertEquals(one.violations(), many.violations());
                assertEquals(one.logVolume(), many.logVolume(), MERGE);
                assertEquals(one.largestLogAxis(), many.largestLogAxis(), MERGE);
            }
        }
        assertEquals(growth(frozen, traffic, 5, 2), growth(frozen, traffic, 5, 2));
    }

    /** Deals the traffic to shards and takes them in a rotated order. */
    private static ShadowProfile.Growth growth(
            GsvdProfile frozen, List<double[]> traffic, int shards, int first) {
        List<ShadowProfile> all = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            // Limits may differ where shards began with other settings.
            all.add(frozen.shadow(ROOM << s));
        }
        for (int i = 0; i < traffic.size(); i++) {
            all.get(i % shards).update(1, traffic.get(i), 0);
        }
        Collections.rotate(all, first);
        return ShadowProfile.growth(all);
    }

    private static ShadowProfile.Growth growth(ShadowProfile shadow) {
        return ShadowProfile.growth(List.of(shadow));
    }

    @Test
    void littleRoomCostsLittleAccuracyAndBoundsTheBytes() {
        Random random = new Random(8);
        GsvdProfile frozen = frozen(random);
        ShadowProfile[] shadows = {frozen.shadow(8), frozen.shadow(40), frozen.shadow(MOST)};
        int most = 0;
        for (int i = 0; i < 900; i++) {
            double[] y = random.doubles(P, -2 - i / 150.0, 2 + i / 150.0).toArray();
            for (ShadowProfile each : shadows) {
                each.update(1, y, 0);
            }
            most = Math.max(most, shadows[0].toBytes().length);
        }
        double exact = growth(shadows[2]).logVolume();
        assertTrue(exact > 4, "grown by " + exact);
        assertEquals(exact, growth(shadows[1]).logVolume(), MERGE);
        assertEquals(exact, growth(shadows[0]).logVolume(), 0.5);
        assertTrue(most <= 49 + (7 * P + P * P) * Double.BYTES, "bytes " + most);
    }

    @Test
    void readingItAgainChangesNothing() {
        Property.forAll(ShadowProfileTest.class, 20, ShadowProfileTest::checkState);
    }

    private static void checkState(Random random) {
        GsvdProfile frozen = frozen(random);
        ShadowProfile straight = frozen.shadow(8);
        ShadowProfile again = frozen.shadow(8);
        for (int i = 0; i < 200; i++) {
            double[] y = random.doubles(P, -1 - i / 100.0, 1 + i / 100.0).toArray();
            straight.update(1, y, 0);
            again.update(1, y, 0);
            if (random.nextInt(10) == 0) {
                again = frozen.shadow(again.toBytes());
            }
        }
        assertArrayEquals(straight.toBytes(), again.toBytes());
        assertEquals(growth(straight), growth(again));
    }

    @Test
    void trafficMovesTheShadowAndNotTheProfile() {
        Random random = new Random(4);
        GsvdProfile frozen = frozen(random);
        double[] sigma = frozen.sigma();
        ShadowProfile shadow = frozen.shadow(MOST);
        assertEquals(0, growth(shadow).logVolume(), ROUNDING);
        shadow.update(1, new double[P], 0);
        shadow.update(1e-9, new double[] {9, 9, 9, 9}, 0);
        assertEquals(new ShadowProfile.Growth(1, 0, 0, 0, 0, 0).rows(), growth(shadow).rows());
        assertEquals(0, growth(shadow).outside());
        shadow.update(1, new double[] {0, 1000, 0, 0, 0}, 1);
        ShadowProfile.Growth growth = growth(shadow);
        assertTrue(growth.logVolume() > 1);
        assertTrue(growth.largestLogAxis() > 1);
        assertTrue(growth.angle() > 0);
        assertEquals(1, growth.violations());
        assertArrayEquals(sigma, frozen.sigma());
        assertEquals(0, growth(frozen.shadow(MOST)).logVolume(), ROUNDING);
    }

    @Test
    void hugeImagesSaturateAndOthersThatAreNoneViolate() {
        GsvdProfile frozen = frozen(new Random(4));
        ShadowProfile shadow = frozen.shadow(MOST);
        for (double value : new double[] {1e6, 1e150, 1e300, Double.NaN, 1.0 / 0}) {
            for (int i = 0; i < P; i++) {
                double[] y = new double[P];
                y[i] = value;
                shadow.update(1, y, 0);
            }
        }
        ShadowProfile.Growth growth = growth(shadow);
        assertEquals(5 * P, growth.violations());
        assertTrue(
                growth.logVolume() > 0 && growth.logVolume() < 100 && growth.largestLogAxis() < 25,
                growth.toString());
    }

    @Test
    void theGoldenFileIsReadAndWrittenUnchanged() throws IOException {
        GsvdProfile frozen =
                GsvdProfile.fit(
                        new double[] {1, 1, 1, 1},
                        new double[] {1, 0, 0, 1, -1, 0, 0, -1},
                        new double[2],
                        0.5,
                        0.1);
        ShadowProfile whole = frozen.shadow(8);
        whole.update(1, new double[] {2, 0}, 0);
        whole.update(1, new double[] {0, 0.5}, 0);
        ShadowProfile full = frozen.shadow(8);
        for (int i = 1; i <= 12; i++) {
            full.update(1, new double[] {2 * i, 0}, 0);
            full.update(1, new double[] {0, -3 * i}, 0);
        }
        golden("shadow-profile-v2.bin", whole.toBytes());
        golden("shadow-profile-v2-full.bin", full.toBytes());
        assertArrayEquals(whole.toBytes(), frozen.shadow(whole.toBytes()).toBytes());
        assertArrayEquals(full.toBytes(), frozen.shadow(full.toBytes()).toBytes());
        fuzz("shadow-profile", frozen, whole.toBytes());
        fuzz("shadow-profile-full", frozen, full.toBytes());
    }

    private static void golden(String name, byte[] bytes) throws IOException {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, name), bytes);
        }
        try (InputStream in = ShadowProfileTest.class.getResourceAsStream("/golden/" + name)) {
            assertArrayEquals(in.readAllBytes(), bytes, name);
        }
    }

    private record Read(byte[] bytes, ShadowProfile shadow) {}

    private static void fuzz(String name, GsvdProfile frozen, byte[] valid) {
        new Fuzz<>(
                        name,
                        ShadowProfileTest.class,
                        bytes -> new Read(bytes, frozen.shadow(bytes)),
                        Set.of(IllegalArgumentException.class),
                        read -> {
                            assertArrayEquals(read.bytes(), read.shadow().toBytes());
                            assertTrue(growth(read.shadow()).logVolume() >= 0);
                        },
                        64)
                .run(List.of(valid), 5_000);
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
