package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import java.util.List;

/**
 * An alert with what became of it.
 *
 * @param alert as recorded
 * @param state whether it stands
 * @param resolvedBy id of the alert that ended it, or null
 * @param resolvedAt end of the pane that ended it, microseconds; null where it was not
 * @param notes what was said of it, in the order of the topic
 * @param mutedUntil end of the mute over its subject, microseconds; null without one in force
 */
public record KnownAlert(
        Alert alert,
        State state,
        String resolvedBy,
        Long resolvedAt,
        List<AlertNote> notes,
        Long mutedUntil) {

    /** What an alert is now. */
    public enum State {
        /** Raised, and not resolved as far as was read. */
        ACTIVE,
        /** Raised, and ended since. */
        RESOLVED,
        /** About one sample: it neither stands nor ends. */
        SAMPLE,
        /** The end of another alert. */
        END
    }

    /** The last acknowledgement, or null. */
    public AlertNote acknowledgement() {
        return last(notes, List.of(AlertNoteKind.ACKNOWLEDGED));
    }

    /** The feedback that counts, or null. */
    public AlertNote feedback() {
        return last(notes, List.of(AlertNoteKind.TRUE_ALARM, AlertNoteKind.FALSE_ALARM));
    }

    private static AlertNote last(List<AlertNote> notes, List<AlertNoteKind> kinds) {
        AlertNote found = null;
        for (AlertNote note : notes) {
            if (kinds.contains(note.getKind())) {
                found = note;
            }
        }
        return found;
    }
}
