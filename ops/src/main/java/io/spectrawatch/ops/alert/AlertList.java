package io.spectrawatch.ops.alert;

import java.util.List;

/**
 * Alerts that were asked for.
 *
 * @param alerts the newest first
 * @param older how many more there are, before these
 * @param unreadable records that could not be decoded, each with its place and the reason
 * @param notesLost older notes that had no place in memory
 * @param notesMissing whether there is no topic of notes
 */
public record AlertList(
        List<KnownAlert> alerts,
        long older,
        List<String> unreadable,
        long notesLost,
        boolean notesMissing) {}
