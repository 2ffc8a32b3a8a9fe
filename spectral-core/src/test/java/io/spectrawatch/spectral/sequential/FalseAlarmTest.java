package io.spectrawatch.spectral.sequential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Monte-Carlo of the guarantees. {@code -Dspectrawatch.runs=N} widens it (400 runs of 5,000 steps
 * is the full size).
 */
class FalseAlarmTest {
    private static final int RUNS = Integer.getInteger("spectrawatch.runs", 200);
    private static final int STEPS = 5_000;

    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);
    private final String repeat =
            "repeat with: mvn -pl spectral-core test -Dtest=FalseAlarmTest -Dspectrawatch.seed="
                    + seed
                    + " -Dspectrawatch.runs="
                    + RUNS;

    /** Scores at the boundary of the null: Beta(2, 8) has mean 0.2. */
    private static double score(Random random, double mean) {
        int b = 10;
        int a = (int) Math.round(mean * b);
        return beta(random, a, b - a);
    }

    private static double beta(Random random, int a, int b) {
        double x = 0;
        double y = 0;
        for (int i = 0; i < a; i++) {
            x -= Math.log(1 - random.nextDouble());
        }
        for (int i = 0; i < b; i++) {
            y -= Math.log(1 - random.nextDouble());
        }
        return x / (x + y);
    }

    /** Most alarms that level alpha explains with probability 1 - 1e-6. */
    private static int most(int runs, double alpha) {
        double logChoose = 0;
        double below = 0;
        for (int k = 0; k <= runs; k++) {
            below += Math.exp(logChoose + k * Math.log(alpha) + (runs - k) * Math.log1p(-alpha));
            if (below >= 1 - 1e-6) {
                return k;
            }
            logChoose += Math.log(runs - k) - Math.log(k + 1.0);
        }
        return runs;
    }

    @Test
    void p13FalseAlarmsStayBelowAlphaAtTheBoundary() {
        double alpha = .05;
        EvidenceOptions options = EvidenceOptions.defaults().withTolerance(.2).withAlpha(alpha);
        int alarms = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed + run);
            Evidence evidence = Evidence.start(options);
            for (int t = 0; t < STEPS && !evidence.alarmed(); t++) {
                evidence = evidence.observe(score(random, .2));
            }
            alarms += evidence.alarmed() ? 1 : 0;
        }
        System.out.printf("false alarms: %d of %d runs at alpha %.2f%n", alarms, RUNS, alpha);
        assertTrue(alarms <= most(RUNS, alpha), alarms + " of " + RUNS + " runs; " + repeat);
    }

    @Test
    void meanRunLengthIsAtLeastOneOverAlpha() {
        EvidenceOptions options =
                EvidenceOptions.defaults()
                        .withTolerance(.2)
                        .withAlpha(.01)
                        .withHorizon(Horizon.RUN_LENGTH);
        double sum = 0;
        double squares = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed - run);
            Evidence evidence = Evidence.start(options);
            while (!evidence.alarmed()) {
                evidence = evidence.observe(score(random, .2));
            }
            sum += evidence.steps();
            squares += (double) evidence.steps() * evidence.steps();
        }
        double mean = sum / RUNS;
        double error = Math.sqrt((squares / RUNS - mean * mean) / RUNS);
        System.out.printf("mean run length %.0f +- %.0f for 1/alpha = 100%n", mean, error);
        assertTrue(mean + 5 * error >= 100, mean + " steps; " + repeat);
    }

    @Test
    void delaysAfterAMeanShift() {
        EvidenceOptions options = EvidenceOptions.defaults().withTolerance(.2).withAlpha(.01);
        int[] limits = {100, 60, 40};
        double[] means = {.3, .4, .6};
        for (int i = 0; i < means.length; i++) {
            int anytime = medianDelay(options, means[i]);
            int runLength =
                    medianDelay(options.withHorizon(Horizon.RUN_LENGTH).withAlpha(1e-5), means[i]);
            System.out.printf(
                    "shift .2 to %.1f at step 500: median delay %d (anytime), %d (run length 1e5)%n",
                    means[i], anytime, runLength);
            assertTrue(anytime <= limits[i], means[i] + ": " + anytime + "; " + repeat);
            assertTrue(runLength <= anytime + 10, means[i] + ": " + runLength + "; " + repeat);
        }
    }

    private int medianDelay(EvidenceOptions options, double mean) {
        int runs = Math.min(RUNS, 101);
        int[] delays = new int[runs];
        for (int run = 0; run < runs; run++) {
            Random random = new Random(seed + 31L * run);
            Evidence evidence = Evidence.start(options);
            for (int t = 0; t < 500; t++) {
                evidence = evidence.observe(score(random, .2));
            }
            evidence = evidence.alarmed() ? evidence.reopen() : evidence;
            while (!evidence.alarmed()) {
                evidence = evidence.observe(score(random, mean));
                delays[run]++;
            }
        }
        Arrays.sort(delays);
        return delays[runs / 2];
    }
}
