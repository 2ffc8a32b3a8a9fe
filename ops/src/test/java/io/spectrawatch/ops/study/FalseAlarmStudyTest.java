package io.spectrawatch.ops.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * The false-alarm study at a small size; {@code spectrawatch bench false-alarms} runs the full one.
 */
class FalseAlarmStudyTest {
    private static final long SEED = Long.getLong("spectrawatch.seed", 1L);
    private static final String REPEAT =
            "repeat with: mvn -pl ops test -Dtest=FalseAlarmStudyTest -Dspectrawatch.seed=" + SEED;

    @Test
    void runsWithoutChangeAlarmNoMoreOftenThanAlphaExplains() throws InterruptedException {
        FalseAlarmOptions options =
                new FalseAlarmOptions(1_600, 16, 4, 8, 12, 150, 250, .05, SEED, 1);
        FalseAlarmReport report = FalseAlarmStudy.run(options, line -> {});
        System.out.println(report);
        assertTrue(report.withinLevel(), report + "; " + REPEAT);
        assertEquals(0, report.changedBeyondSampling(), report + "; " + REPEAT);
        assertTrue(report.refusedBaselines() + report.refusedDrift() <= 6, report + "; " + REPEAT);
    }

    @Test
    void theBinomialLimitIsItsQuantile() {
        assertEquals(0, FalseAlarmStudy.most(1, 1e-4));
        assertEquals(1, FalseAlarmStudy.most(1, .5));
        // P(Binomial(400, 0.05) <= 34) = 0.9988, <= 35 is 0.9993.
        assertEquals(35, FalseAlarmStudy.most(400, .05), 1);
    }
}
