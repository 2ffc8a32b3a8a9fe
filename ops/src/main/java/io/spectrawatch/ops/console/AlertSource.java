package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.AlertLog.Says;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNoteKind;
import java.io.IOException;

/** What the console asks the topics for when somebody looks at one alert or says something. */
interface AlertSource {

    /**
     * The alert of an id that stands at an offset, with its manifest; null where it no longer does.
     *
     * @throws IOException if the topic cannot be read
     */
    Alert at(long offset, String id) throws IOException;

    /**
     * An alert older than those the console keeps.
     *
     * @throws IOException if there is none, or the topic cannot be read
     */
    KnownAlert find(String id) throws IOException;

    /** The records that an alert rests on, as far as the topics still have them. */
    RelatedRecords behind(Alert alert) throws IOException;

    /**
     * Writes a note, and returns when the brokers have it.
     *
     * @param mutedUntil end of a mute, microseconds since the epoch; null for other kinds
     */
    void say(Alert alert, AlertNoteKind kind, Says says, Long mutedUntil) throws IOException;
}
