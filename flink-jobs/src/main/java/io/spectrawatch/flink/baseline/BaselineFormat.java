package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.Topics;

/** The keys of baselines' entries in their topic: {@code id/entry}, the id being the hash. */
final class BaselineFormat {

    private static final String ENTRY = "entry";

    private BaselineFormat() {}

    static String entryKey(String id) {
        return Topics.key(id, ENTRY);
    }

    static boolean isEntryKey(String key) {
        return key.endsWith("/" + ENTRY);
    }
}
