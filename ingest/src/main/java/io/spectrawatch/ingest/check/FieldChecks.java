package io.spectrawatch.ingest.check;

import io.spectrawatch.schemas.RejectionReason;

/** Checks of single fields that several parts of a snapshot have in common. */
final class FieldChecks {

    private static final char REPLACEMENT = '\uFFFD';

    private final int textLength;

    /**
     * @param textLength most characters of an id, a name or a version
     */
    FieldChecks(int textLength) {
        this.textLength = textLength;
    }

    /** Requires text of the configured length. */
    void text(String field, String text) throws Refused {
        text(field, text, textLength);
    }

    /** Requires text of the configured length where there is any, in a field of what is at. */
    void optional(String at, String field, String text) throws Refused {
        if (text != null) {
            text(at + field, text, textLength);
        }
    }

    /** Requires text of at most so many characters. */
    static void text(String field, String text, int limit) throws Refused {
        if (text.isBlank()) {
            throw invalid(field + " must not be empty");
        }
        // Avro decodes bytes that are not UTF-8 to this, and different ones to the same text.
        if (text.indexOf(REPLACEMENT) >= 0) {
            throw invalid(field + " must be UTF-8 without U+FFFD, found '" + text + "'");
        }
        if (text.length() > limit) {
            throw invalid(field + " may have " + limit + " characters, found " + text.length());
        }
    }

    static void count(String field, int found, int limit) throws Refused {
        if (found < 1 || found > limit) {
            throw invalid(field + " must be 1.." + limit + ", found " + found);
        }
    }

    static void notNegative(String field, long found) throws Refused {
        if (found < 0) {
            throw invalid(field + " must be 0 or more, found " + found);
        }
    }

    static Refused invalid(String message) {
        return new Refused(RejectionReason.INVALID_FIELD, message);
    }
}
