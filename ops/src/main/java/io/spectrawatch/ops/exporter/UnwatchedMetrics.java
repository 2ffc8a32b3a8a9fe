package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.util.List;

/** What the last pane of each model left out for want of memory. */
final class UnwatchedMetrics {

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
    }

    synchronized void accept(UnwatchedLayers pane) {
        String model = pane.getModelId();
        String version = pane.getModelVersion();
        if (!models.admits(List.of(model, version))) {
            return;
        }
        layers.labels(model, version).set(pane.getLayers().size() + pane.getFurther());
        // A counter refuses what no monitor writes.
        snapshots.labels(model, version).inc(Math.max(0, pane.getSnapshots()));
    }
}
