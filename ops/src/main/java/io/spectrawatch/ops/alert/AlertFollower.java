package io.spectrawatch.ops.alert;

import io.spectrawatch.ops.alert.KnownAlert.State;
import io.spectrawatch.ops.topic.MissingTopicException;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Reads alerts and notes as they come, alerts before notes. */
public final class AlertFollower implements AutoCloseable {

    private final AlertFilter filter;
    private final AlertNotes notes;
    private final LongSupplier clock;
    private final TopicRecords alertTopic;

    /** Null where there is no such topic. */
    private final TopicRecords noteTopic;

    private long nextAlert;
    private long nextNote;

    AlertFollower(
            Map<String, Object> client,
            String prefix,
            AlertFilter filter,
            AlertNotes notes,
            LongSupplier clock)
            throws IOException {
        this.filter = filter;
        this.notes = notes;
        this.clock = clock;
        this.noteTopic = notes(client, prefix);
        this.alertTopic = new TopicRecords(client, prefix, Topics.ALERTS);
        nextAlert =
                filter.since() == null ? alertTopic.end(0) : alertTopic.start(0, filter.since());
        nextNote = noteTopic == null ? 0 : noteTopic.end(0);
    }

    private static TopicRecords notes(Map<String, Object> client, String prefix)
            throws IOException {
        try {
            return new TopicRecords(client, prefix, Topics.ALERT_NOTES);
        } catch (MissingTopicException e) {
            return null;
        }
    }

    /**
     * What came since the last call.
     *
     * @param alerts raised and ended, the oldest first
     * @param notes the oldest first
     */
    public record News(List<KnownAlert> alerts, List<AlertNote> notes) {

        public boolean isEmpty() {
            return alerts.isEmpty() && notes.isEmpty();
        }
    }

    /** Reads on to the present end. */
    public News next() throws IOException {
        List<AlertNote> said = new ArrayList<>();
        long noteEnd = noteTopic == null ? 0 : noteTopic.end(0);
        if (noteEnd > nextNote) {
            noteTopic.read(
                    0,
                    nextNote,
                    noteEnd,
                    null,
                    AlertNote.class,
                    note -> {
                        notes.accept(note);
                        return said.add(note);
                    });
            nextNote = noteEnd;
        }
        List<KnownAlert> came = new ArrayList<>();
        long alertEnd = alertTopic.end(0);
        if (alertEnd > nextAlert) {
            alertTopic.read(
                    0,
                    nextAlert,
                    alertEnd,
                    null,
                    Alert.class,
                    alert -> !filter.admits(alert) || came.add(known(alert)));
            nextAlert = alertEnd;
        }
        return new News(came, said);
    }

    private KnownAlert known(Alert alert) {
        State state = alert.getSampleId() == null ? State.ACTIVE : State.SAMPLE;
        if (alert.getTransition() == AlertTransition.RESOLVED) {
            state = State.END;
        }
        return new KnownAlert(
                alert,
                state,
                null,
                null,
                notes.of(alert.getId()),
                notes.mutedUntil(AlertSubject.of(alert), clock.getAsLong()));
    }

    @Override
    public void close() {
        alertTopic.close();
        if (noteTopic != null) {
            noteTopic.close();
        }
    }
}
