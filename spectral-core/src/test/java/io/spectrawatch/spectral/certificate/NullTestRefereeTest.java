package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import io.spectrawatch.spectral.sequential.StreamWeights;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How often a test that calibration offers alarms although nothing changes, for scores that a limit
 * for near-normal, independent ones fails on: rare spikes, long memory, heavy tails, many limits.
 * {@code -Dspectrawatch.referee=true} runs the full size.
 */
class NullTestRefereeTest {
    private static final boolean FULL = Boolean.getBoolean("spectrawatch.referee");
    private static final int RUNS = FULL ? 1_000 : 150;
    private static final int MONITORED = FULL ? 5_000 : 1_000;
    private static final double ALPHA = .05;
    private static final double ERROR = .005;
    private static final NullTest.Range RANGE = new NullTest.Range(.001, .04);
    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);
    private static final String REPEAT =
            "repeat with: mvn -pl spectral-core test -Dtest=NullTestRefereeTest"
                    + " -Dspectrawatch.referee="
                    + FULL
                    + " -Dspectrawatch.seed="
                    + SEED;

    /** Scores without change, one after the other. */
    private interface Scores {
        double next();
    }

    private interface Source {
        Scores start(Random random);
    }

    private static Scores spikes(Random random) {
        return () -> random.nextDouble() < .01 ? .5 : 0;
    }

    private static Scores pareto(Random random) {
        return () -> Math.min(.001 * Math.pow(1 - random.nextDouble(), -1 / 1.2), 1);
    }

    /** AR(1) in the logarithm, from its stationary distribution. */
    private static Source memory(double phi, double median) {
        return random -> {
            double[] state = {random.nextGaussian()};
            return () -> {
                double now = state[0];
                state[0] = phi * now + Math.sqrt(1 - phi * phi) * random.nextGaussian();
                return Math.min(median * Math.exp(now), 1);
            };
        };
    }

    /** Offered tests, and those of them that alarmed. */
    private record Count(int offered, int alarms) {}

    private static Count count(String name, Source source, int pools, int interfaces) {
        int offered = 0;
        int alarms = 0;
        for (int run = 0; run < RUNS; run++) {
            Scores scores = source.start(new Random(SEED + run));
            double[] heldBack = new double[pools];
            Arrays.setAll(heldBack, i -> scores.next());
            NullTest test = calibrate(heldBack, interfaces);
            if (test.refusal().isEmpty()) {
                offered++;
                alarms += alarms(test, scores) ? 1 : 0;
            }
        }
        System.out.printf(
                "%s, %d pools, %d interfaces: %d of %d offered, %d alarmed%n",
                name, pools, interfaces, offered, RUNS, alarms);
        return new Count(offered, alarms);
    }

    /** As calibration goes on: pools of twice the size until the test can be offered. */
    private static NullTest calibrate(double[] heldBack, int interfaces) {
        double[] scores = heldBack;
        NullTest test = null;
        for (int size = 1; ; size++) {
            double delta = ERROR / 2 / interfaces * StreamWeights.spending(size);
            if (scores.length < NullTest.fewest(delta)) {
                return test == null ? NullTest.none(0, RANGE, 0, "too few") : test;
            }
            test = NullTest.of(scores, 1, 0, RANGE, delta);
            if (test.refusal().isEmpty()) {
                return test;
            }
            double[] before = scores;
            scores = new double[before.length / 2];
            Arrays.setAll(scores, i -> (before[2 * i] + before[2 * i + 1]) / 2);
        }
    }

    private static boolean alarms(NullTest test, Scores scores) {
        Evidence evidence =
                Evidence.start(
                        new EvidenceOptions(
                                test.tolerance(),
                                ALPHA,
                                1,
                                Horizon.ANYTIME,
                                EvidenceOptions.DEFAULT_BETS));
        for (int i = 0; i < MONITORED && !evidence.alarmed(); i++) {
            evidence = evidence.observe(Math.min(scores.next(), test.cut()));
        }
        return evidence.alarmed();
    }

    private static void assertWithin(Count count) {
        int most = most(RUNS, ALPHA + ERROR);
        assertTrue(count.alarms() <= most, count + ", " + most + " are explained; " + REPEAT);
    }

    /** The quantile of the binomial distribution at 1 - 1e-6. */
    private static int most(int runs, double p) {
        double logChoose = 0;
        double below = 0;
        for (int k = 0; k <= runs; k++) {
            below += Math.exp(logChoose + k * Math.log(p) + (runs - k) * Math.log1p(-p));
            if (below >= 1 - 1e-6) {
                return k;
            }
            logChoose += Math.log(runs - k) - Math.log(k + 1.0);
        }
        return runs;
    }

    @Test
    void rareSpikesThatNoHeldBackPoolShows() {
        for (int interfaces : new int[] {1, 256}) {
            Count count = count("1 % spikes of .5", NullTestRefereeTest::spikes, 40, interfaces);
            assertWithin(count);
            assertTrue(count.offered() > RUNS / 2, count + "; " + REPEAT);
        }
    }

    @Test
    void scoresWithALongMemory() {
        for (int pools : new int[] {20, 40, 80}) {
            assertWithin(count("AR(1) .98 lognormal", memory(.98, .002), pools, 1));
            assertWithin(count("AR(1) .9 lognormal", memory(.9, .002), pools, 1));
        }
    }

    @Test
    void heavyTails() {
        assertEquals(0, count("Pareto 1.2", NullTestRefereeTest::pareto, 8, 1).offered());
        Count count = count("Pareto 1.2", NullTestRefereeTest::pareto, 60, 1);
        assertWithin(count);
        assertTrue(count.offered() > RUNS / 2, count + "; " + REPEAT);
    }

    /** Any of 512 tolerated means below the mean without change is an error of the baseline. */
    @Test
    void theLimitsOfAllInterfacesHoldTogether() {
        int interfaces = 256;
        int baselines = FULL ? 100 : 4;
        double[] truth = new double[NullTest.CUTS];
        int draws = 2_000_000;
        Scores all = pareto(new Random(SEED));
        for (int i = 0; i < draws; i++) {
            double score = all.next();
            for (int k = 0; k < truth.length; k++) {
                truth[k] += Math.min(score, .08 / (1 << k)) / draws;
            }
        }
        int wrong = 0;
        int offered = 0;
        Random random = new Random(SEED + 1);
        for (int baseline = 0; baseline < baselines; baseline++) {
            boolean error = false;
            for (int limit = 0; limit < 2 * interfaces; limit++) {
                Scores scores = pareto(random);
                double[] heldBack = new double[80];
                Arrays.setAll(heldBack, i -> scores.next());
                NullTest test = calibrate(heldBack, interfaces);
                offered += test.refusal().isEmpty() ? 1 : 0;
                int k = (int) Math.round(Math.log(.08 / test.cut()) / Math.log(2));
                error |= test.refusal().isEmpty() && test.tolerance() < truth[k];
            }
            wrong += error ? 1 : 0;
        }
        System.out.printf(
                "%d baselines of %d limits: %d offered, %d baselines with one too small%n",
                baselines, 2 * interfaces, offered, wrong);
        assertTrue(offered > baselines * interfaces, offered + "; " + REPEAT);
        assertTrue(wrong <= most(baselines, ERROR), wrong + "; " + REPEAT);
    }
}
