package io.spectrawatch.ops.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.alert.AlertLog.Says;
import io.spectrawatch.ops.web.Caller;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNoteKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongSupplier;

/** Takes what somebody says of an alert. */
final class NoteApi {

    private static final int MOST_CHARACTERS = 2_000;
    private static final long MICROS_PER_MINUTE = 60_000_000L;

    /** Four weeks. */
    private static final long MOST_MINUTES = 28L * 24 * 60;

    private static final Set<String> FIELDS =
            Set.of("alert", "kind", "author", "reason", "minutes");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AlertApi alerts;
    private final AlertSource source;
    private final LongSupplier clock;

    /**
     * @param clock the present, microseconds since the epoch
     */
    NoteApi(AlertApi alerts, AlertSource source, LongSupplier clock) {
        this.alerts = alerts;
        this.source = source;
        this.clock = clock;
    }

    /**
     * Writes a note.
     *
     * @param body JSON: alert (id), kind, reason, author (a name; that of the account if it is not
     *     given), and for a mute minutes
     * @throws IllegalArgumentException if the body is something else; the message says what
     */
    ObjectNode accept(byte[] body, Caller caller) throws IOException {
        JsonNode note = parsed(body);
        AlertNoteKind kind = kind(text(note, "kind"));
        String author = text(note, "author").strip();
        Says says =
                new Says(
                        author.isEmpty() ? caller.name() : author,
                        clock.getAsLong(),
                        text(note, "reason").strip());
        Alert alert = alerts.whole(text(note, "alert")).alert();
        source.say(alert, kind, says, kind == AlertNoteKind.MUTED ? until(note, says) : null);
        return Trees.object().put("written", true);
    }

    private static JsonNode parsed(byte[] body) throws IOException {
        JsonNode note;
        try {
            note = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the note is no JSON", e);
        }
        if (note == null || !note.isObject()) {
            throw new IllegalArgumentException("the note must be a JSON object");
        }
        note.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!FIELDS.contains(name)) {
                                throw new IllegalArgumentException("a note has no field " + name);
                            }
                        });
        return note;
    }

    private static String text(JsonNode note, String field) {
        JsonNode value = note.get(field);
        if (value == null) {
            return "";
        }
        if (!value.isTextual() || value.textValue().length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    field + " must be text of up to " + MOST_CHARACTERS + " characters");
        }
        return value.textValue();
    }

    private static AlertNoteKind kind(String name) {
        for (AlertNoteKind each : AlertNoteKind.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "kind must be one of "
                        + Arrays.toString(AlertNoteKind.values())
                        + ", found "
                        + name);
    }

    private static long until(JsonNode note, Says says) {
        JsonNode minutes = note.get("minutes");
        if (minutes == null
                || !minutes.isIntegralNumber()
                || minutes.longValue() < 0
                || minutes.longValue() > MOST_MINUTES) {
            throw new IllegalArgumentException("a mute has minutes, 0 to " + MOST_MINUTES);
        }
        return says.at() + minutes.longValue() * MICROS_PER_MINUTE;
    }
}
