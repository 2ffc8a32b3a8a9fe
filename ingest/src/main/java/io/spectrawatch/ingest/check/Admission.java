package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Topics;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refuses what no memory could hold: too many columns in one snapshot, too many model versions of
 * one captureId, and of all of a shard together, within an hour of append time. Who is known stays
 * admitted while it sends, so models that are made up take nobody's place. The layers that a
 * captureId can name are bounded with its model versions, each of which has a limit of its own.
 *
 * <p>Only the processing task remembers who sent what; one that starts counts from nothing, which
 * admits at most as much again.
 */
public final class Admission {

    private static final long WINDOW_MICROS = 3_600_000_000L;

    private final IngestConfig limits;
    private final Recent all;
    private final Map<String, Recent> byCapture = new LinkedHashMap<>(16, 0.75f, true);

    public Admission(IngestConfig limits) {
        this.limits = limits;
        this.all = new Recent(limits.models());
    }

    /** Admits a snapshot whose record passed the checks of its own, or says why not. */
    public void admit(ActivationSnapshot snapshot, long appendedAt) throws Refused {
        long columns = 0;
        for (Layer layer : snapshot.getLayers()) {
            columns += layer.getColumns();
        }
        if (columns > limits.snapshotColumns()) {
            throw new Refused(
                    RejectionReason.TOO_LARGE,
                    "the layers of a snapshot may have "
                            + limits.snapshotColumns()
                            + " columns together ("
                            + IngestConfig.SNAPSHOT_COLUMNS
                            + "), found "
                            + columns);
        }
        String model = Topics.key(snapshot.getModelId(), snapshot.getModelVersion());
        Recent own = capture(snapshot.getCaptureId());
        if (!own.admits(model, appendedAt)) {
            throw tooMany("a captureId", limits.captureModels(), IngestConfig.CAPTURE_MODELS);
        }
        if (!all.admits(model, appendedAt)) {
            throw tooMany("a shard", limits.models(), IngestConfig.MODELS);
        }
        own.note(model, appendedAt);
        all.note(model, appendedAt);
    }

    /** What a captureId sent; of more than are remembered, the longest silent is forgotten. */
    private Recent capture(String captureId) {
        Recent known = byCapture.get(captureId);
        if (known == null) {
            known = new Recent(limits.captureModels());
            byCapture.put(captureId, known);
            if (byCapture.size() > limits.dedupCaptures()) {
                Iterator<String> longestSilent = byCapture.keySet().iterator();
                longestSilent.next();
                longestSilent.remove();
            }
        }
        return known;
    }

    private static Refused tooMany(String who, int limit, String setting) {
        return new Refused(
                RejectionReason.INVALID_FIELD,
                who
                        + " may send "
                        + limit
                        + " model versions within an hour ("
                        + setting
                        + "), this would be one more");
    }

    /** Model versions with the append time of their last snapshot. */
    private static final class Recent {

        private final int most;
        private final Map<String, Long> lastSent = new HashMap<>();

        Recent(int most) {
            this.most = most;
        }

        boolean admits(String model, long now) {
            if (lastSent.containsKey(model) || lastSent.size() < most) {
                return true;
            }
            lastSent.values().removeIf(last -> last < now - WINDOW_MICROS);
            return lastSent.size() < most;
        }

        void note(String model, long now) {
            lastSent.put(model, now);
        }
    }
}
