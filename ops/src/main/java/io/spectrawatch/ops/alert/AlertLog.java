package io.spectrawatch.ops.alert;

import io.spectrawatch.ops.topic.MissingTopicException;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The alerts of a deployment and what was said of them.
 *
 * <p>Committed records only. However many there are, memory holds those that are asked for.
 */
public final class AlertLog {

    /** Alerts that a list can hold. */
    public static final int MOST_ALERTS = 10_000;

    private static final int MOST_NOTES = 100_000;

    /** Alerts that are named where the beginning of an id is not enough. */
    private static final int MOST_CANDIDATES = 5;

    private final Map<String, Object> client;
    private final String prefix;
    private final LongSupplier clock;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param prefix prefix of the topics' names
     * @param clock the present, microseconds since the epoch: which mutes are over
     */
    public AlertLog(Map<String, Object> client, String prefix, LongSupplier clock) {
        this.client = client;
        this.prefix = prefix;
        this.clock = clock;
    }

    /**
     * Who speaks.
     *
     * @param author a name
     * @param at when, microseconds since the epoch
     * @param reason why; empty for nothing
     */
    public record Says(String author, long at, String reason) {}

    /**
     * Alerts that were raised, the newest first.
     *
     * @param limit how many at most, up to {@value #MOST_ALERTS}
     */
    public AlertList list(AlertFilter filter, int limit) throws IOException {
        AlertFold fold =
                new AlertFold(
                        alert ->
                                alert.getTransition() == AlertTransition.RAISED
                                        && filter.admits(alert),
                        // By far the largest part of an alert, and lists do without.
                        alert -> Alert.newBuilder(alert).setManifest(null).build(),
                        filter.active() ? MOST_ALERTS : limit,
                        filter.active());
        List<String> unreadable;
        try (TopicRecords alerts = new TopicRecords(client, prefix, Topics.ALERTS)) {
            alerts.read(
                    filter.since(),
                    null,
                    Alert.class,
                    alert -> {
                        fold.accept(alert);
                        return true;
                    });
            unreadable = alerts.unreadable();
        }
        Notes notes = notes();
        List<KnownAlert> known = new ArrayList<>(fold.known(notes.read, clock.getAsLong()));
        Collections.reverse(known);
        List<KnownAlert> shown = known.subList(0, Math.min(limit, known.size()));
        return new AlertList(
                List.copyOf(shown),
                fold.dropped() + known.size() - shown.size(),
                unreadable,
                notes.read.dropped(),
                notes.missing);
    }

    /**
     * Finds one alert.
     *
     * @param idPrefix its id or the beginning of it
     * @throws IOException if there is none, or several; the message names some
     */
    public KnownAlert find(String idPrefix) throws IOException {
        AlertFold fold =
                new AlertFold(
                        alert -> alert.getId().startsWith(idPrefix),
                        UnaryOperator.identity(),
                        MOST_CANDIDATES,
                        false);
        try (TopicRecords alerts = new TopicRecords(client, prefix, Topics.ALERTS)) {
            alerts.read(
                    null,
                    null,
                    Alert.class,
                    alert -> {
                        fold.accept(alert);
                        return true;
                    });
        }
        List<KnownAlert> found = fold.known(notes().read, clock.getAsLong());
        if (found.isEmpty()) {
            throw new IOException(
                    "no alert " + idPrefix + " is recorded; alerts list shows those that are");
        }
        for (KnownAlert each : found) {
            if (each.alert().getId().equals(idPrefix)) {
                return each;
            }
        }
        if (found.size() > 1) {
            throw new IOException(
                    "several alerts begin with "
                            + idPrefix
                            + ": "
                            + String.join(
                                    ", ", found.stream().map(a -> a.alert().getId()).toList()));
        }
        return found.get(0);
    }

    /**
     * Reads an alert as a whole from where it stands.
     *
     * @param offset its offset in its partition of the topic
     * @param id its id, which tells it from those at this offset of other partitions
     * @return null where the topic no longer has it
     */
    public Alert at(long offset, String id) throws IOException {
        Alert[] found = new Alert[1];
        try (TopicRecords alerts = new TopicRecords(client, prefix, Topics.ALERTS)) {
            for (int p = 0; p < alerts.partitions() && found[0] == null; p++) {
                if (offset >= alerts.start(p, null) && offset < alerts.end(p)) {
                    alerts.read(
                            p,
                            offset,
                            offset + 1,
                            null,
                            Alert.class,
                            alert -> {
                                found[0] = alert.getId().equals(id) ? alert : null;
                                return false;
                            });
                }
            }
        }
        return found[0];
    }

    /** Precision of each detector, by what people said. */
    public AlertPrecision precision(AlertFilter filter) throws IOException {
        return AlertPrecision.of(notes().read.feedback(), filter);
    }

    /**
     * Writes what somebody says of an alert.
     *
     * @param mutedUntil end of a mute, microseconds since the epoch; null for other kinds
     * @return the note, once the brokers have it
     */
    public AlertNote say(Alert alert, AlertNoteKind kind, Says says, Long mutedUntil)
            throws IOException {
        try {
            // Or a broker would make it, with settings of its own.
            new TopicRecords(client, prefix, Topics.ALERT_NOTES).close();
        } catch (MissingTopicException e) {
            throw new IOException(e.getMessage() + "; topics create makes it", e);
        }
        AlertNote note = NotePublisher.note(alert, kind, says, mutedUntil);
        NotePublisher.publish(note, client, prefix);
        return note;
    }

    /** Follows alerts and notes as they come. */
    public AlertFollower follow(AlertFilter filter) throws IOException {
        return new AlertFollower(client, prefix, filter, notes().read, clock);
    }

    private record Notes(AlertNotes read, boolean missing) {}

    private Notes notes() throws IOException {
        AlertNotes read = new AlertNotes(MOST_NOTES);
        try (TopicRecords notes = new TopicRecords(client, prefix, Topics.ALERT_NOTES)) {
            notes.read(
                    null,
                    null,
                    AlertNote.class,
                    note -> {
                        read.accept(note);
                        return true;
                    });
            return new Notes(read, false);
        } catch (MissingTopicException e) {
            // A deployment from before there were notes.
            return new Notes(read, true);
        }
    }
}
