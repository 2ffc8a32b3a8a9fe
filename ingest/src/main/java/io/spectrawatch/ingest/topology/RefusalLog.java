package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.schemas.RejectionReason;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one shard says in the service's log about refused records: for each reason the first one,
 * and then one a minute with the number of those between.
 */
final class RefusalLog {

    private static final long INTERVAL_MICROS = 60_000_000;
    private static final int MAX_CHARACTERS = 500;

    private final int shard;
    private final Map<RejectionReason, Said> said = new EnumMap<>(RejectionReason.class);

    private static final class Said {
        private long at;
        private long since;
    }

    RefusalLog(int shard) {
        this.shard = shard;
    }

    /** The line to log; null if there was one for the reason within the last minute. */
    String line(Refused refused, long offset, long nowMicros) {
        Said before = said.get(refused.reason());
        if (before != null && nowMicros - before.at < INTERVAL_MICROS) {
            before.since++;
            return null;
        }
        long unsaid = before == null ? 0 : before.since;
        Said now = new Said();
        now.at = nowMicros;
        said.put(refused.reason(), now);
        String others =
                unsaid == 0 ? "" : " (and " + unsaid + " more as " + refused.reason() + " before)";
        return "shard "
                + shard
                + ", offset "
                + offset
                + ": refused as "
                + refused.reason()
                + others
                + ": "
                + printable(refused.getMessage());
    }

    /** Names come from clients; none of them writes a line of its own. */
    private static String printable(String message) {
        String text = message.replaceAll("\\p{Cntrl}", "?");
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...";
    }
}
