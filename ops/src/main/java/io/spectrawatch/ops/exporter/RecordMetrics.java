package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** All metrics of what is published, each record given to those that show its type. */
final class RecordMetrics {

    private final Counter dropped =
            Counter.build(
                            "spectrawatch_exporter_dropped_total",
                            "Records not shown because of the limit on series, by type.")
                    .labelNames("type")
                    .create();
    private final SketchMetrics sketches;
    private final CertificateMetrics certificates;
    private final ScoreMetrics scores;
    private final GrowthMetrics growth;
    private final UnwatchedMetrics unwatched;
    private final AlertMetrics alerts;

    /** What is done with a record. */
    enum Mode {
        /** It is shown and counted. */
        COUNT,
        /** It is shown only: an exporter before this one has counted it. */
        SHOW
    }

    /**
     * @param segmentAttribute attribute of samples that is a label, null for none
     * @param mostSeries layers, interfaces and label tuples of every other metric shown at most
     */
    RecordMetrics(String segmentAttribute, int mostSeries) {
        sketches = new SketchMetrics(mostSeries, dropped.labels("sketch"));
        certificates = new CertificateMetrics(mostSeries, dropped.labels("certificate"));
        scores = new ScoreMetrics(segmentAttribute, mostSeries, dropped.labels("score"));
        growth = new GrowthMetrics(mostSeries, dropped.labels("growth"));
        unwatched = new UnwatchedMetrics(mostSeries, dropped.labels("unwatched"));
        alerts = new AlertMetrics(mostSeries, dropped.labels("alert"));
    }

    void registerAt(CollectorRegistry registry) {
        sketches.registerAt(registry);
        certificates.registerAt(registry);
        scores.registerAt(registry);
        growth.registerAt(registry);
        unwatched.registerAt(registry);
        alerts.registerAt(registry);
        dropped.register(registry);
    }

    /** Takes a record; one of a type that has no metrics is passed over. */
    void accept(SpecificRecord value, Mode mode) {
        if (value instanceof LayerSketch sketch) {
            take(sketch, mode, sketches::accept, sketches::show);
        } else if (value instanceof InterfaceCertificate certificate) {
            take(certificate, mode, certificates::accept, certificates::show);
            alerts.accept(certificate);
        } else if (value instanceof SampleScores sample) {
            take(sample, mode, scores::accept, scores::show);
        } else if (value instanceof UnwatchedLayers pane) {
            take(pane, mode, unwatched::accept, unwatched::show);
        } else if (value instanceof GainGrowth pane) {
            growth.accept(pane);
        } else if (value instanceof Alert alert) {
            take(alert, mode, alerts::accept, alerts::show);
        }
    }

    private static <T> void take(T value, Mode mode, Consumer<T> count, Consumer<T> show) {
        (mode == Mode.COUNT ? count : show).accept(value);
    }
}
