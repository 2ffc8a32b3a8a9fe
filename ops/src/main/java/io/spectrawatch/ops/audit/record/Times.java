package io.spectrawatch.ops.audit.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Event times as people write them. */
public final class Times {

    private static final long MICROS_PER_SECOND = 1_000_000L;

    private Times() {}

    /** ISO 8601 in UTC; the least and the greatest long are open ends. */
    public static String text(long micros) {
        if (micros == Long.MIN_VALUE || micros == Long.MAX_VALUE) {
            return micros < 0 ? "the beginning" : "the end";
        }
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND))
                .plus(Math.floorMod(micros, MICROS_PER_SECOND), ChronoUnit.MICROS)
                .toString();
    }
}
