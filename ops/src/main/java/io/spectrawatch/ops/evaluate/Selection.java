package io.spectrawatch.ops.evaluate;

import io.spectrawatch.schemas.Sample;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Recorded samples chosen by when the log took them, and by their id or by who sent them.
 *
 * <pre>
 *   [NAME=][FROM..TO][,id:PREFIX | ,client:CLIENT]
 * </pre>
 *
 * <p>Either time may be left out. What follows {@code id:} or {@code client:} is taken as it is, to
 * the end of the text.
 *
 * @param name what the samples are called in the report
 * @param from first time, null for the beginning of the log
 * @param to end of the time, exclusive; null for the end of the log
 * @param idPrefix how their ids begin, null for any
 * @param client who sent them, null for anyone
 */
public record Selection(String name, Instant from, Instant to, String idPrefix, String client) {

    private static final String ID = "id:";
    private static final String CLIENT = "client:";
    private static final String BETWEEN = "..";

    /**
     * Reads a selection.
     *
     * @param option named in errors
     * @throws IllegalArgumentException if the text is none; the message says what is expected
     */
    public static Selection parse(String option, String text) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':');
        boolean named = equals > 0 && (colon < 0 || equals < colon);
        String rest = named ? text.substring(equals + 1) : text;
        String range = rest;
        String idPrefix = null;
        String client = null;
        if (rest.startsWith(ID) || rest.startsWith(CLIENT)) {
            range = "";
        } else if (rest.indexOf(',') >= 0) {
            range = rest.substring(0, rest.indexOf(','));
        }
        String who =
                range.isEmpty()
                        ? rest
                        : rest.substring(Math.min(rest.length(), range.length() + 1));
        if (who.startsWith(ID)) {
            idPrefix = who.substring(ID.length());
        } else if (who.startsWith(CLIENT)) {
            client = who.substring(CLIENT.length());
        } else if (!who.isEmpty()) {
            throw expected(option, text);
        }
        int dots = range.indexOf(BETWEEN);
        if (dots < 0 && !range.isEmpty() || rest.isEmpty()) {
            throw expected(option, text);
        }
        Instant from = dots < 0 ? null : time(option, range.substring(0, dots));
        Instant to = dots < 0 ? null : time(option, range.substring(dots + BETWEEN.length()));
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException(
                    option + ": a range must end after it starts, found " + range);
        }
        String shown = idPrefix != null ? idPrefix : client != null ? client : range;
        return new Selection(named ? text.substring(0, equals) : shown, from, to, idPrefix, client);
    }

    private static Instant time(String option, String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    option
                            + ": a time in UTC such as 2026-01-31T12:00:00Z expected, found '"
                            + text
                            + "'",
                    e);
        }
    }

    private static IllegalArgumentException expected(String option, String text) {
        return new IllegalArgumentException(
                option
                        + ": [NAME=][FROM..TO][,id:PREFIX or ,client:CLIENT] expected, found '"
                        + text
                        + "'");
    }

    /** Whether the id and the sender are those that are looked for. */
    boolean names(Sample sample) {
        return (idPrefix == null || sample.getId().startsWith(idPrefix))
                && (client == null || client.equals(sample.getClient()));
    }
}
