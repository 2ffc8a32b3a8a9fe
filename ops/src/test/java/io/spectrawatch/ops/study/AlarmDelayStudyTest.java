package io.spectrawatch.ops.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.sequential.EvidenceOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The delay table at a small size; {@code spectrawatch bench alarm-delay} prints the full one. */
class AlarmDelayStudyTest {

    private static final EvidenceOptions CONTRACT =
            EvidenceOptions.defaults().withTolerance(.2).withAlpha(.01);

    private static AlarmDelayOptions options(List<Double> means, int most, int runs) {
        return new AlarmDelayOptions(CONTRACT, 1e-5, means, 500, most, 5, runs, 1);
    }

    @Test
    void largerShiftsAreNoticedSooner() {
        AlarmDelayReport report = AlarmDelayStudy.run(options(List.of(.3, .4, .6), 10_000, 60));
        System.out.println(report);
        assertEquals(6, report.rows().size());
        int[] most = {150, 80, 45};
        for (int i = 0; i < report.rows().size(); i++) {
            AlarmDelayReport.Row row = report.rows().get(i);
            assertEquals(i < 3 ? "ANYTIME" : "RUN_LENGTH", row.horizon());
            assertTrue(row.median() <= most[i % 3], row.toString());
            assertTrue(row.tenth() >= row.median(), row.toString());
            assertTrue(i % 3 == 0 || row.median() < report.rows().get(i - 1).median());
            assertEquals(0, row.missed(), row.toString());
            assertTrue(row.early() <= 4, row.toString());
        }
        assertEquals(report, AlarmDelayStudy.run(options(List.of(.3, .4, .6), 10_000, 60)));
    }

    @Test
    void noShiftIsNoAlarm() {
        AlarmDelayReport report = AlarmDelayStudy.run(options(List.of(.2), 300, 30));
        AlarmDelayReport.Row anytime = report.rows().get(0);
        assertTrue(anytime.missed() + anytime.early() >= 28, anytime.toString());
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> options(List.of(), 10, 1));
        assertThrows(IllegalArgumentException.class, () -> options(List.of(1.0), 10, 1));
        assertThrows(IllegalArgumentException.class, () -> options(List.of(.3), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> options(List.of(.3), 10, 0));
    }
}
