package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.state.ModelKey;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the whole range holds, and whether that is enough to begin with. */
public final class RangeSurvey {

    private static final int MOST_LISTED = 8;

    private final CalibrateSettings settings;
    private final TreeMap<ModelKey, ShardSurvey.Count> models = new TreeMap<>();
    private final TreeMap<String, TreeSet<String>> taps = new TreeMap<>();
    private long leftOut;
    private long shortestPane = Long.MAX_VALUE;
    private long longestPane;

    RangeSurvey(CalibrateSettings settings, Collection<ShardSurvey> shards) {
        this.settings = settings;
        for (ShardSurvey shard : shards) {
            leftOut += shard.leftOut();
            if (shard.longestPane() > 0) {
                shortestPane = Math.min(shortestPane, shard.shortestPane());
                longestPane = Math.max(longestPane, shard.longestPane());
            }
            shard.taps()
                    .forEach(
                            (layer, own) ->
                                    taps.computeIfAbsent(layer, l -> new TreeSet<>()).addAll(own));
            shard.models().forEach((k, count) -> models.merge(k, count, ShardSurvey.Count::plus));
        }
    }

    public long leftOut() {
        return leftOut;
    }

    /**
     * What snapshots say that the rows of a layer are; null where none says anything.
     *
     * @throws CalibrationException if they contradict each other
     */
    String tap(String layer) throws CalibrationException {
        TreeSet<String> own = taps.get(layer);
        if (own == null) {
            return null;
        }
        if (own.size() > 1) {
            throw new CalibrationException(
                    "the tap of layer "
                            + layer
                            + " changes within the range, found "
                            + String.join(" and ", own)
                            + "; choose a range of one");
        }
        return own.first();
    }

    public ShardSurvey.Count count(ModelKey model) {
        return models.get(model);
    }

    /**
     * The one model that the settings and the range agree on.
     *
     * @throws CalibrationException if there is none, or more than one
     */
    ModelKey model() throws CalibrationException {
        TreeMap<ModelKey, ShardSurvey.Count> wanted = new TreeMap<>(models);
        wanted.keySet().removeIf(key -> !settings.concerns(key.model(), key.version()));
        String asked =
                settings.model()
                        + (settings.version().isEmpty() ? "" : " version " + settings.version())
                        + (settings.segment() == null
                                ? ""
                                : " with samples of " + settings.segment());
        if (wanted.isEmpty()) {
            throw new CalibrationException(
                    "no snapshot of "
                            + asked
                            + " in the range; found "
                            + (models.isEmpty() ? "no snapshot at all" : list(models)));
        }
        ModelKey first = wanted.firstKey();
        if (wanted.size() > 1) {
            boolean versions =
                    wanted.keySet().stream().anyMatch(k -> !k.version().equals(first.version()));
            throw new CalibrationException(
                    (versions
                                    ? "the range holds several versions of "
                                    : "the range holds several digests of ")
                            + asked
                            + ": "
                            + list(wanted)
                            + (versions
                                    ? "; name one"
                                    : "; a baseline is of one, choose a range of one"));
        }
        return first;
    }

    /**
     * Length of the log's panes in microseconds.
     *
     * @throws CalibrationException if the range has no tick, or its ticks differ
     */
    long paneLength() throws CalibrationException {
        if (longestPane == 0) {
            throw new CalibrationException(
                    "the range holds no tick, so the length of a pane is unknown; choose a longer"
                            + " one");
        }
        if (shortestPane != longestPane) {
            throw new CalibrationException(
                    "the length of a pane changes within the range, from "
                            + shortestPane
                            + " to "
                            + longestPane
                            + " microseconds or back; choose a range of one length");
        }
        return longestPane;
    }

    private static String list(Map<ModelKey, ShardSurvey.Count> models) {
        StringBuilder text = new StringBuilder();
        int listed = 0;
        for (Map.Entry<ModelKey, ShardSurvey.Count> model : models.entrySet()) {
            if (listed++ == MOST_LISTED) {
                return text + " and " + (models.size() - MOST_LISTED) + " more";
            }
            ModelKey key = model.getKey();
            text.append(text.isEmpty() ? "" : ", ")
                    .append(key.model())
                    .append(" version ")
                    .append(key.version())
                    .append(" digest ")
                    .append(key.digest())
                    .append(" (")
                    .append(model.getValue().snapshots())
                    .append(" snapshots)");
        }
        return text.toString();
    }
}
