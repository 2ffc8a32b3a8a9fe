package io.spectrawatch.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.ops.alert.KnownAlert.State;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which alerts stand, and what was said of them. */
class AlertFoldTest {

    private static final long LATER = MadeAlerts.NOON + 100 * MadeAlerts.MINUTE;

    private final AlertNotes notes = new AlertNotes(3);

    private static Alert raised(String id, int minute) {
        return MadeAlerts.drift(id, AlertTransition.RAISED, minute);
    }

    private static Alert resolved(String id, int minute) {
        return MadeAlerts.drift(id, AlertTransition.RESOLVED, minute);
    }

    private static Alert client(String id, String client, AlertTransition transition) {
        return MadeAlerts.attack(id, client, transition, 1);
    }

    private static AlertFold raisedOnly(int most, boolean active) {
        return new AlertFold(
                alert -> alert.getTransition() == AlertTransition.RAISED,
                UnaryOperator.identity(),
                most,
                active);
    }

    private Map<String, State> states(AlertFold fold) {
        return fold.known(notes, LATER).stream()
                .collect(Collectors.toMap(known -> known.alert().getId(), KnownAlert::state));
    }

    @Test
    void anAlertStandsUntilOneOfItsSubjectIsResolved() {
        AlertFold fold = raisedOnly(10, false);
        fold.accept(raised("a", 1));
        fold.accept(client("b", "eve", AlertTransition.RAISED));
        fold.accept(client("c", "bob", AlertTransition.RAISED));
        fold.accept(resolved("a-end", 5));
        fold.accept(client("b-end", "eve", AlertTransition.RESOLVED));
        fold.accept(raised("d", 7));

        assertEquals(
                Map.of(
                        "a", State.RESOLVED,
                        "b", State.RESOLVED,
                        "c", State.ACTIVE,
                        "d", State.ACTIVE),
                states(fold));
        KnownAlert first = fold.known(notes, LATER).get(0);
        assertEquals("a-end", first.resolvedBy());
        assertEquals(MadeAlerts.NOON + 5 * MadeAlerts.MINUTE, first.resolvedAt());
    }

    @Test
    void whatStandsIsKeptWithoutWhatEnded() {
        AlertFold fold = raisedOnly(2, true);
        for (int i = 0; i < 1000; i++) {
            fold.accept(raised("a" + i, i));
            fold.accept(resolved("e" + i, i));
        }
        fold.accept(client("b", "eve", AlertTransition.RAISED));

        assertEquals(Map.of("b", State.ACTIVE), states(fold));
        assertEquals(0, fold.dropped());
    }

    @Test
    void theNewestAreKeptAndTheOthersCounted() {
        AlertFold fold = raisedOnly(2, false);
        for (int i = 0; i < 1000; i++) {
            fold.accept(client("a" + i, "c" + i, AlertTransition.RAISED));
        }
        fold.accept(client("e", "c3", AlertTransition.RESOLVED));

        assertEquals(Map.of("a998", State.ACTIVE, "a999", State.ACTIVE), states(fold));
        assertEquals(998, fold.dropped());
    }

    @Test
    void aRecordThatComesAgainIsOneAlert() {
        AlertFold fold = raisedOnly(10, false);
        fold.accept(raised("a", 1));
        fold.accept(raised("a", 1));
        assertEquals(Map.of("a", State.ACTIVE), states(fold));
    }

    @Test
    void anAlertAboutOneSampleNeitherStandsNorEnds() {
        AlertFold fold = raisedOnly(10, false);
        fold.accept(Alert.newBuilder(raised("a", 1)).setSampleId("r7").build());
        fold.accept(resolved("e", 2));
        assertEquals(Map.of("a", State.SAMPLE), states(fold));
    }

    @Test
    void aMuteIsOfASubjectAndForAWhile() {
        Alert first = raised("a", 1);
        notes.accept(MadeAlerts.note(first, AlertNoteKind.MUTED, 2, LATER));
        AlertFold fold = raisedOnly(10, false);
        fold.accept(raised("b", 9));
        fold.accept(client("c", "eve", AlertTransition.RAISED));

        List<KnownAlert> before = fold.known(notes, LATER - 1);
        assertEquals(LATER, before.get(0).mutedUntil());
        assertNull(before.get(1).mutedUntil());
        assertNull(fold.known(notes, LATER).get(0).mutedUntil());
    }

    @Test
    void theLastVerdictCountsAndOldNotesGoFirst() {
        Alert alert = raised("a", 1);
        AlertFold fold = raisedOnly(10, false);
        fold.accept(alert);
        notes.accept(MadeAlerts.note(alert, AlertNoteKind.ACKNOWLEDGED, 2, null));
        notes.accept(MadeAlerts.note(alert, AlertNoteKind.FALSE_ALARM, 3, null));
        KnownAlert known = fold.known(notes, LATER).get(0);
        assertEquals(AlertNoteKind.ACKNOWLEDGED, known.acknowledgement().getKind());
        assertEquals(AlertNoteKind.FALSE_ALARM, known.feedback().getKind());

        notes.accept(MadeAlerts.note(alert, AlertNoteKind.TRUE_ALARM, 4, null));
        notes.accept(MadeAlerts.note(raised("b", 2), AlertNoteKind.ACKNOWLEDGED, 5, null));
        known = fold.known(notes, LATER).get(0);
        assertNull(known.acknowledgement());
        assertEquals(AlertNoteKind.TRUE_ALARM, known.feedback().getKind());
        assertEquals(1, notes.dropped());
    }
}
