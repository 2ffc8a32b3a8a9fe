package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.spectrawatch.schemas.GainGrowth;
import java.util.List;

/** How far the last pane of each model grew past the gain profile of its baseline. */
final class GrowthMetrics {

    private static final String ROWS_SHOWN = "Share of the rows of the model's last pane";

    private final LabelLimit models;
    private final Gauge growth =
            Gauge.build(
                            "spectrawatch_gain_growth",
                            "Growth of the gain profile's ellipsoid in the model's last pane, kind"
                                    + " log_volume, log_axis or angle (radians); 0 when traffic"
                                    + " stays inside.")
                    .labelNames("model", "version", "kind")
                    .create();
    private final Gauge outside =
            Gauge.build(
                            "spectrawatch_gain_outside_share",
                            ROWS_SHOWN + " that lie outside all that the reference showed.")
                    .labelNames("model", "version")
                    .create();
    private final Gauge violations =
            Gauge.build(
                            "spectrawatch_gain_violation_share",
                            ROWS_SHOWN + " whose load contradicts the gain profile.")
                    .labelNames("model", "version")
                    .create();

    /**
     * @param mostSeries models and versions at most
     * @param dropped counts the records of further ones
     */
    GrowthMetrics(int mostSeries, Counter.Child dropped) {
        this.models = new LabelLimit(mostSeries, dropped);
    }

    void registerAt(CollectorRegistry registry) {
        growth.register(registry);
        outside.register(registry);
        violations.register(registry);
    }

    synchronized void accept(GainGrowth pane) {
        String model = ModelLabel.of(pane.getModelId(), pane.getSegment());
        String version = pane.getModelVersion();
        if (!models.admits(List.of(model, version))) {
            return;
        }
        growth.labels(model, version, "log_volume").set(pane.getLogVolume());
        growth.labels(model, version, "log_axis").set(pane.getLargestLogAxis());
        growth.labels(model, version, "angle").set(pane.getAngle());
        double rows = Math.max(1, pane.getRows());
        outside.labels(model, version).set(pane.getOutside() / rows);
        violations.labels(model, version).set(pane.getViolations() / rows);
    }
}
