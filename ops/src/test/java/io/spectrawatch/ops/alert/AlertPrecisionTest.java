package io.spectrawatch.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shares of true alarms with their intervals. */
class AlertPrecisionTest {

    private static final int MINUTES_A_DAY = 24 * 60;

    private static AlertNote verdict(AlertNoteKind kind, int minute) {
        return MadeAlerts.note(
                MadeAlerts.drift("a" + minute, AlertTransition.RAISED, minute), kind, minute, null);
    }

    @Test
    void feedbackIsCountedByMonthAndInAll() {
        List<AlertNote> feedback = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            feedback.add(verdict(AlertNoteKind.TRUE_ALARM, i));
        }
        feedback.add(verdict(AlertNoteKind.FALSE_ALARM, 40 * MINUTES_A_DAY));

        List<AlertPrecision.Row> rows =
                AlertPrecision.of(feedback, new AlertFilter("gpt", null, null, null, false)).rows();

        assertEquals(
                List.of("2026-03", "2026-04", "all"),
                rows.stream().map(row -> row.month() == null ? "all" : row.month()).toList());
        assertEquals("CERTIFICATE_DRIFT", rows.get(2).kind());
        assertEquals("interface-certificate-1", rows.get(2).detector());
        assertEquals(0.9, rows.get(2).precision());
        // Tables of Clopper and Pearson for 9 of 10.
        assertEquals(0.5550, rows.get(2).lower(), 5e-5);
        assertEquals(0.9975, rows.get(2).upper(), 5e-5);
        assertEquals(0, rows.get(1).lower());
        assertEquals(0.975, rows.get(1).upper(), 1e-9);
        assertEquals(1, rows.get(0).upper());
        assertEquals(
                List.of(),
                AlertPrecision.of(feedback, new AlertFilter("other", null, null, null, false))
                        .rows());
    }

    @Test
    void manyVerdictsGiveANarrowInterval() {
        AlertPrecision.Row row = AlertPrecision.Row.of("K", "d", null, 5_000, 5_000);
        assertEquals(0.49, row.lower(), 1e-3);
        assertEquals(0.51, row.upper(), 1e-3);
    }
}
