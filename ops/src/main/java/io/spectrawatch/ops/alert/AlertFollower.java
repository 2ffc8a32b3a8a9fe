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
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** Reads alerts and notes as they come, alerts before notes. */
public final class AlertFollower implements AutoCloseable {

    private final AlertFilter filter;
    private final AlertNotes notes;
    private final LongSupplier clock;
    private final TopicRecords alertTopic;

    /** Null where there is no such topic. */
    private final TopicRecords noteTopic;

    /** Next offsets by partition. */
    private final long[] nextAlert;

    private final long[] nextNote;

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
        this.nextAlert = new long[alertTopic.partitions()];
        for (int p = 0; p < nextAlert.length; p++) {
            nextAlert[p] =
                    filter.since() == null
                            ? alertTopic.end(p)
                            : alertTopic.start(p, filter.since());
        }
        this.nextNote = new long[noteTopic == null ? 0 : noteTopic.partitions()];
        for (int p = 0; p < nextNote.length; p++) {
            nextNote[p] = noteTopic.end(p);
        }
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
     * @param alerts raised and ended, the oldest of a model version first
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
        readOn(
                noteTopic,
                nextNote,
                AlertNote.class,
                note -> {
                    notes.accept(note);
                    return said.add(note);
                });
        List<KnownAlert> came = new ArrayList<>();
        readOn(
                alertTopic,
                nextAlert,
                Alert.class,
                alert -> !filter.admits(alert) || came.add(known(alert)));
        return new News(came, said);
    }

    private static <T extends SpecificRecord> void readOn(
            TopicRecords topic, long[] next, Class<T> type, Predicate<T> sink) throws IOException {
        for (int partition = 0; partition < next.length; partition++) {
            long end = topic.end(partition);
            if (end > next[partition]) {
                topic.read(partition, next[partition], end, null, type, sink);
                next[partition] = end;
            }
        }
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
