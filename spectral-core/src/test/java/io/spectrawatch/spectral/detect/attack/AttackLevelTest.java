package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Referee;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import io.spectrawatch.spectral.sequential.StreamWeights;
import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How often traffic that comes as the calibrations did is ever called an attack, over calibrations
 * and baselines drawn anew: at most alpha over all models, their calibrations' errors included.
 */
class AttackLevelTest {
    private static final int MODELS = 16;
    private static final int CALIBRATION = 1050;
    private static final int PANES = 400;

    /** So many that the share of a pane is nearly the rate: what a too low limit is found by. */
    private static final int SAMPLES = 20_000;

    /** Chance that a right level fails a check. */
    private static final double RISK = 1e-6;

    private static final AttackOptions OPTIONS =
            new AttackOptions(
                    EvidenceOptions.DEFAULT_ALPHA,
                    StreamWeights.equal(MODELS),
                    0.05,
                    EvidenceOptions.DEFAULT_ALPHA / 2,
                    Horizon.ANYTIME,
                    5,
                    64);

    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);

    private final String repeat =
            "; repeat with: mvn -pl spectral-core test -Dtest=AttackLevelTest -Dspectrawatch.seed="
                    + seed;

    /** Most of so many runs that a level explains. */
    private static int most(int runs, double level) {
        double probability = Math.pow(1 - level, runs);
        double below = probability;
        int k = 0;
        while (below < 1 - RISK) {
            probability *= (double) (runs - k) / (k + 1) * level / (1 - level);
            below += probability;
            k++;
        }
        return k;
    }

    /** Whether a model is ever called under attack, over so many baselines. */
    private static boolean alarms(Random random, int calibration, int baselines) {
        AttackState state = AttackState.start("0", OPTIONS);
        for (int b = 0; b < baselines; b++) {
            state = b == 0 ? state : state.rebase(Integer.toString(b), OPTIONS);
            ToleranceLimit limit =
                    ToleranceLimit.supported(
                            random.doubles(calibration).toArray(),
                            OPTIONS.exceedance(),
                            OPTIONS.delta() * OPTIONS.weight() / 2);
            double rate = 1 - limit.limit();
            double error = Math.sqrt(rate * (1 - rate) / SAMPLES);
            for (int p = 0; p < PANES; p++) {
                double share = rate + error * random.nextGaussian();
                long exceedances = Math.round(SAMPLES * Math.min(1, Math.max(0, share)));
                PaneExceedances pane =
                        new PaneExceedances(
                                SAMPLES, exceedances, List.of(), calibration, limit.rank());
                state = state.observe(pane, OPTIONS).state();
                if (state.active()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void check(int calibration, int baselines, int models) {
        Random random = new Random(seed);
        int alarms = 0;
        int families = 0;
        for (int family = 0; family < models / MODELS; family++) {
            int before = alarms;
            for (int m = 0; m < MODELS; m++) {
                alarms += alarms(random, calibration, baselines) ? 1 : 0;
            }
            families += alarms > before ? 1 : 0;
        }
        System.out.printf(
                "%d samples, %d baselines: %d of %d models, %d of %d times %d models%n",
                calibration, baselines, alarms, models, families, models / MODELS, MODELS);
        assertTrue(alarms <= most(models, OPTIONS.alpha() / MODELS), alarms + repeat);
        assertTrue(families <= most(models / MODELS, OPTIONS.alpha()), families + repeat);
    }

    @Test
    void alphaHoldsOverModelsAndBaselinesWithTheErrorOfTheirCalibrations() {
        check(CALIBRATION, 3, Referee.size(2_400, 64_000));
    }

    @Test
    void alphaHoldsWhereTheCalibrationIsTooSmallForTheToleratedShare() {
        check(105, 2, Referee.size(800, 16_000));
    }

    /** The mechanism as it was: a risk of delta per baseline beside the whole of alpha. */
    @Test
    void aRiskPerBaselineBesideAlphaWouldHaveFailed() {
        Random random = new Random(seed);
        int runs = Referee.size(2_400, 64_000);
        int understated = 0;
        for (int run = 0; run < runs; run++) {
            boolean any = false;
            for (int b = 0; b < 3; b++) {
                double[] reference = random.doubles(CALIBRATION).toArray();
                any |= 1 - ToleranceLimit.of(reference, 0.05, 0.005).limit() > 0.05;
            }
            understated += any ? 1 : 0;
        }
        System.out.printf("limits too low, as it was: %d of %d models%n", understated, runs);
        assertTrue(understated > most(runs, OPTIONS.alpha() / MODELS), understated + repeat);
    }

    @Test
    void laterBaselinesTolerateMoreAndNeverRunOut() {
        PaneExceedances pane = new PaneExceedances(1, 0, List.of(), CALIBRATION, 1029);
        double before = 0;
        for (int epoch : new int[] {1, 2, 10, 100, 10_000, Integer.MAX_VALUE}) {
            double tolerated = OPTIONS.tolerated(epoch, pane);
            assertTrue(tolerated >= before && tolerated < 0.12, epoch + ": " + tolerated);
            before = tolerated;
        }
    }
}
