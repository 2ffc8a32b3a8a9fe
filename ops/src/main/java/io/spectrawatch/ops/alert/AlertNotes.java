package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was said of alerts: the newest notes, up to a bound. */
final class AlertNotes {

    private final int most;
    private final Deque<AlertNote> order = new ArrayDeque<>();
    private final Map<String, List<AlertNote>> byAlert = new HashMap<>();
    private final Map<AlertSubject, Long> mutedUntil = new HashMap<>();
    private long dropped;

    /**
     * @param most notes that are kept; older ones go first
     */
    AlertNotes(int most) {
        this.most = most;
    }

    void accept(AlertNote note) {
        order.add(note);
        byAlert.computeIfAbsent(note.getAlertId(), id -> new ArrayList<>()).add(note);
        if (note.getKind() == AlertNoteKind.MUTED && note.getMutedUntil() != null) {
            mutedUntil.put(AlertSubject.of(note), note.getMutedUntil());
        }
        if (order.size() > most) {
            drop(order.remove());
        }
    }

    private void drop(AlertNote oldest) {
        List<AlertNote> own = byAlert.get(oldest.getAlertId());
        own.remove(0);
        if (own.isEmpty()) {
            byAlert.remove(oldest.getAlertId());
        }
        dropped++;
    }

    List<AlertNote> of(String alertId) {
        return List.copyOf(byAlert.getOrDefault(alertId, List.of()));
    }

    /** End of the mute over a subject, or null where none is in force at a moment. */
    Long mutedUntil(AlertSubject subject, long now) {
        Long until = mutedUntil.get(subject);
        return until == null || until <= now ? null : until;
    }

    /** The feedback that counts of each alert: the last one. */
    List<AlertNote> feedback() {
        List<AlertNote> counting = new ArrayList<>();
        for (List<AlertNote> notes : byAlert.values()) {
            AlertNote last = null;
            for (AlertNote note : notes) {
                if (isFeedback(note)) {
                    last = note;
                }
            }
            if (last != null) {
                counting.add(last);
            }
        }
        return counting;
    }

    private static boolean isFeedback(AlertNote note) {
        return note.getKind() == AlertNoteKind.TRUE_ALARM
                || note.getKind() == AlertNoteKind.FALSE_ALARM;
    }

    long dropped() {
        return dropped;
    }
}
