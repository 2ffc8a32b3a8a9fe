package io.spectrawatch.spectral.detect.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Referee;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How often a clean sample gets p at most a, over calibrations drawn anew: two classes 98 : 2 of
 * which the small one scores four standard deviations higher, and ten in Zipf's proportions of
 * which the rare ones score one higher. For m values without ties p is at most a with probability
 * floor(a (m + 1))/(m + 1) exactly.
 */
class ConformalLevelTest {
    private static final int CALIBRATION = 1050;
    private static final int FRESH = 100;
    private static final double[] LEVELS = {0.01, 0.05};

    /** Standard errors; a right level misses them with a chance below 1e-6. */
    private static final double ERRORS = 5;

    private final int calibrations = Referee.size(2_000, 50_000);
    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);

    /**
     * Classes of clean traffic.
     *
     * @param upTo cumulated shares
     * @param shifts of their scores
     */
    private record Traffic(String name, double[] upTo, double[] shifts) {
        int draw(Random random) {
            double u = random.nextDouble() * upTo[upTo.length - 1];
            int c = 0;
            while (upTo[c] <= u) {
                c++;
            }
            return c;
        }
    }

    private static Traffic two() {
        return new Traffic("98 : 2, by 4", new double[] {0.98, 1}, new double[] {0, 4});
    }

    private static Traffic ten() {
        double[] upTo = new double[10];
        double[] shifts = new double[10];
        for (int c = 0; c < 10; c++) {
            upTo[c] = (c == 0 ? 0 : upTo[c - 1]) + 1.0 / (c + 1);
            // Rare: fewer than a hundred of 1,050.
            shifts[c] = CALIBRATION / (c + 1.0) / 2.929 < 100 ? 1 : 0;
        }
        return new Traffic("ten of Zipf, by 1", upTo, shifts);
    }

    /** How a table is made of calibration values and their classes. */
    private interface Making {
        RankTable of(double[] values, int[] classes, int count);
    }

    /** Mean share of fresh values at p at most a, with its standard error. */
    private record Rate(double mean, double error) {
        void is(double expected, String what) {
            assertTrue(Math.abs(mean - expected) <= ERRORS * error, what + ": " + this);
        }
    }

    /** Rates of all fresh values at each level, then those of the last class. */
    private Rate[] rates(Traffic traffic, Making making) {
        return rates(traffic, traffic, making);
    }

    /**
     * @param later what fresh values are drawn of: the same classes, in other shares
     */
    private Rate[] rates(Traffic traffic, Traffic later, Making making) {
        int count = traffic.shifts().length;
        double[][] shares = new double[2 * LEVELS.length][calibrations];
        Random random = new Random(seed);
        for (int run = 0; run < calibrations; run++) {
            double[] values = new double[CALIBRATION];
            int[] classes = new int[CALIBRATION];
            for (int i = 0; i < CALIBRATION; i++) {
                classes[i] = traffic.draw(random);
                values[i] = random.nextGaussian() + traffic.shifts()[classes[i]];
            }
            RankTable table = making.of(values, classes, count);
            for (int i = 0; i < FRESH; i++) {
                int c = later.draw(random);
                double p = table.p(random.nextGaussian() + traffic.shifts()[c], c);
                double last =
                        table.p(random.nextGaussian() + traffic.shifts()[count - 1], count - 1);
                for (int a = 0; a < LEVELS.length; a++) {
                    shares[a][run] += p <= LEVELS[a] ? 1.0 / FRESH : 0;
                    shares[LEVELS.length + a][run] += last <= LEVELS[a] ? 1.0 / FRESH : 0;
                }
            }
        }
        return Arrays.stream(shares).map(ConformalLevelTest::rate).toArray(Rate[]::new);
    }

    private static Rate rate(double[] shares) {
        double mean = Arrays.stream(shares).average().orElseThrow();
        double squares = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum();
        return new Rate(mean, Math.sqrt(squares) / shares.length);
    }

    private static double exact(double level) {
        return Math.floor(level * (CALIBRATION + 1)) / (CALIBRATION + 1);
    }

    private String repeat() {
        return "; repeat with: mvn -pl spectral-core test -Dtest=ConformalLevelTest"
                + " -Dspectrawatch.seed="
                + seed;
    }

    @Test
    void onePooledTableKeepsItsLevelOverAllClasses() {
        for (Traffic traffic : new Traffic[] {two(), ten()}) {
            Rate[] rates =
                    rates(traffic, (values, classes, count) -> ConformalTable.pooled(values));
            for (int a = 0; a < LEVELS.length; a++) {
                String what = traffic.name() + " at " + LEVELS[a] + repeat();
                System.out.printf(
                        "pooled, %s: %.5f of all at %s (exact %.5f, +- %.5f), %.3f of the last class%n",
                        traffic.name(),
                        rates[a].mean(),
                        LEVELS[a],
                        exact(LEVELS[a]),
                        ERRORS * rates[a].error(),
                        rates[LEVELS.length + a].mean());
                rates[a].is(exact(LEVELS[a]), what);
            }
        }
        // What is not promised: the small class alone.
        Rate[] rates = rates(two(), (values, classes, count) -> ConformalTable.pooled(values));
        assertTrue(rates[LEVELS.length].mean() > 0.3, rates[LEVELS.length] + repeat());
    }

    /**
     * With other shares a sample is flagged at most as much more often as the share that grew most
     * has grown: P'(p <= a) = sum of w'_c P(p <= a | c) <= max(w'_c / w_c) a.
     */
    @Test
    void aShiftOfClassesMovesThePooledLevelWithinTheLargestRatioOfShares() {
        Traffic before = two();
        for (double grown : new double[] {0.04, 0.2, 0.5}) {
            double[] upTo = {1 - grown, 1};
            Traffic later = new Traffic("98 : 2, then " + grown, upTo, before.shifts());
            Rate[] pooled =
                    rates(before, later, (values, classes, count) -> ConformalTable.pooled(values));
            Rate[] disjoint = rates(before, later, ConformalTable::of);
            for (int a = 0; a < LEVELS.length; a++) {
                double most = grown / 0.02 * LEVELS[a];
                String what = later.name() + " at " + LEVELS[a] + repeat();
                System.out.printf(
                        "shift, %s: pooled %.4f at %s (at most %.3f), per class %.4f%n",
                        later.name(),
                        pooled[a].mean(),
                        LEVELS[a],
                        Math.min(1, most),
                        disjoint[a].mean());
                double error = ERRORS * pooled[a].error();
                assertTrue(pooled[a].mean() <= most + error, what + ": " + pooled[a]);
                // It does break: the class that grew scores highest.
                assertTrue(pooled[a].mean() > 1.2 * LEVELS[a], what + ": " + pooled[a]);
                assertTrue(
                        disjoint[a].mean() <= LEVELS[a] + ERRORS * disjoint[a].error(),
                        what + ": " + disjoint[a]);
            }
        }
    }

    /** A level of which 1/(m + 1) falls short is never reached; from there on it is exact. */
    @Test
    void aThousandthIsReachedFromNineHundredAndNinetyNineValuesOn() {
        Random random = new Random(seed);
        for (int m : new int[] {998, 999}) {
            double[] values = random.doubles(m).toArray();
            double least = ConformalTable.pooled(values).p(2, 0);
            assertEquals(m >= 999, least <= 0.001, m + " values: " + least);
        }
    }

    @Test
    void disjointTablesKeepTheirLevelInEveryCategory() {
        for (Traffic traffic : new Traffic[] {two(), ten()}) {
            Rate[] rates = rates(traffic, ConformalTable::of);
            for (int i = 0; i < rates.length; i++) {
                double level = LEVELS[i % LEVELS.length];
                System.out.printf(
                        "disjoint, %s: %.5f at %s%n", traffic.name(), rates[i].mean(), level);
                assertTrue(
                        rates[i].mean() <= level + ERRORS * rates[i].error(),
                        traffic.name() + " at " + level + ": " + rates[i] + repeat());
            }
        }
    }

    /** Detectors that were released judge as they did; that is what their level was worth. */
    @Test
    void theTablesOfTheThirdVersionExceedTheirs() {
        double[][] atLeast = {{0.015, 0.05}, {0.012, 0.062}};
        Traffic[] all = {two(), ten()};
        for (int t = 0; t < all.length; t++) {
            Rate[] rates = rates(all[t], ConformalLevelTest::third);
            for (int a = 0; a < LEVELS.length; a++) {
                System.out.printf(
                        "third version, %s: %.5f of all at %s%n",
                        all[t].name(), rates[a].mean(), LEVELS[a]);
                assertTrue(rates[a].mean() > atLeast[t][a], rates[a] + repeat());
                assertTrue(rates[a].mean() <= 2 * LEVELS[a], rates[a] + repeat());
            }
        }
    }

    /** The table as the third version wrote it: classes of at least a hundred have their own. */
    private static RankTable third(double[] values, int[] classes, int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Ranks.of(values).write(out);
            out.writeInt(count);
            for (int c = 0; c < count; c++) {
                int[] own = Gaussians.rowsOf(classes, c);
                double[] table =
                        own.length < 100
                                ? new double[0]
                                : Arrays.stream(own).mapToDouble(i -> values[i]).toArray();
                Ranks.of(table).write(out);
            }
            return FallbackTable.read(new DetectorInput(bytes.toByteArray()), count);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ranksCountTies() {
        Ranks ranks = Ranks.of(new double[] {2, 1, 2, 3});
        assertEquals(1.0 / 5, ranks.p(4));
        assertEquals(2.0 / 5, ranks.p(3));
        assertEquals(4.0 / 5, ranks.p(2));
        assertEquals(1, ranks.p(0));
        assertEquals(1, Ranks.of(new double[0]).p(7));
    }
}
