package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.util.List;

/** What the last pane of each model left out for want of memory, and who lost its place. */
final class UnwatchedMetrics {

    /** How the reason of a record about a model that lost its place begins. */
    private static final String EVICTED = "evicted: ";

    private final LabelLimit models;
    private final Gauge layers =
            Gauge.build(
                            "spectrawatch_layers_unwatched",
                            "Layers of the model's last pane that were not watched, because they did"
                                    + " not fit memory.budget.")
                    .labelNames("model", "version")
                    .create();
    private final Counter snapshots =
            Counter.build(
                            "spectrawatch_snapshots_unwatched_total",
                            "Snapshots of models that found no place among models.max; model * stands"
                                    + " for those beyond the named ones.")
                    .labelNames("model", "version")
                    .create();

    private final Counter evicted =
            Counter.build(
                            "spectrawatch_models_evicted_total",
                            "Times a shard gave the place of the model, which was idle, to another"
                                    + " one.")
                    .labelNames("model", "version")
                    .create();

    /**
     * @param mostSeries models and versions at most
     * @param dropped counts the records of further ones
     */
    UnwatchedMetrics(int mostSeries, Counter.Child dropped) {
        this.models = new LabelLimit(mostSeries, dropped);
    }

    void registerAt(CollectorRegistry registry) {
        layers.register(registry);
        snapshots.register(registry);
        evicted.register(registry);
    }

    /** Shows what the pane left out and counts its snapshots. */
    synchronized void accept(UnwatchedLayers pane) {
        if (show(pane)) {
            // A counter refuses what no monitor writes.
            snapshots
                    .labels(
                            ModelLabel.of(pane.getModelId(), pane.getSegment()),
                            pane.getModelVersion())
                    .inc(Math.max(0, pane.getSnapshots()));
            evicted.labels(
                            ModelLabel.of(pane.getModelId(), pane.getSegment()),
                            pane.getModelVersion())
                    .inc(isEvicted(pane) ? 1 : 0);
        }
    }

    private static boolean isEvicted(UnwatchedLayers pane) {
        return pane.getReason() != null && pane.getReason().startsWith(EVICTED);
    }

    /**
     * Shows what the pane left out.
     *
     * @return whether its model has series
     */
    synchronized boolean show(UnwatchedLayers pane) {
        String model = ModelLabel.of(pane.getModelId(), pane.getSegment());
        String version = pane.getModelVersion();
        boolean admitted = models.admits(List.of(model, version));
        if (admitted) {
            layers.labels(model, version).set(pane.getLayers().size() + pane.getFurther());
        }
        return admitted;
    }
}
