package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.state.ShardState;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RejectionReason;

/** Decides when a snapshot counts, and whether at all. */
public final class CaptureTimes {

    private static final double MICROS_PER_YEAR = 366.0 * 24 * 60 * 60 * 1_000_000;

    private final IngestConfig config;

    public CaptureTimes(IngestConfig config) {
        this.config = config;
    }

    /**
     * The snapshot with the moment it counts: its capture time, or the beginning of the oldest open
     * pane if its own is closed.
     *
     * @param appendedAt microseconds since the epoch
     * @param state of its shard at this moment
     * @throws Refused if it was captured too long before or after it was appended
     */
    public LoggedSnapshot judge(ActivationSnapshot snapshot, long appendedAt, ShardState state)
            throws Refused {
        long capturedAt = snapshot.getCapturedAt();
        if (capturedAt - appendedAt > config.maxClockSkewMicros()) {
            throw new Refused(
                    RejectionReason.FUTURE,
                    "capturedAt may be "
                            + config.maxClockSkewMicros()
                            + " us ahead of the append time "
                            + appendedAt
                            + ", found "
                            + capturedAt
                            + unit(capturedAt, appendedAt));
        }
        if (capturedAt >= state.closedUntil()) {
            return LoggedSnapshot.inTime(snapshot);
        }
        if (appendedAt - capturedAt > config.maxLateAgeMicros()) {
            throw new Refused(
                    RejectionReason.LATE,
                    "panes before "
                            + state.closedUntil()
                            + " us are closed since the tick of "
                            + state.time()
                            + " us, and a late snapshot may have been captured "
                            + config.maxLateAgeMicros()
                            + " us before it was appended at "
                            + appendedAt
                            + ", capturedAt is "
                            + capturedAt
                            + unit(capturedAt, appendedAt));
        }
        return new LoggedSnapshot(snapshot, state.closedUntil());
    }

    /** A hint where another unit would give a time near the append time; else nothing. */
    private static String unit(long capturedAt, long appendedAt) {
        String[] units = {"seconds", "milliseconds", "nanoseconds"};
        double[] micros = {1e6, 1e3, 1e-3};
        for (int i = 0; i < units.length; i++) {
            if (Math.abs(capturedAt * micros[i] - appendedAt) < MICROS_PER_YEAR) {
                return ", which looks like " + units[i];
            }
        }
        return "";
    }
}
