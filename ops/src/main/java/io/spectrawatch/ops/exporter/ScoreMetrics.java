package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import java.util.List;

/** The distribution of the samples' p-values, and how many samples were called what. */
final class ScoreMetrics {

    /** Alert levels, and enough of the rest to see whether clean samples are spread evenly. */
    private static final double[] BUCKETS = {.001, .005, .01, .05, .1, .25, .5, .75, 1};

    private final LabelLimit models;
    private final LabelLimit kinds;
    private final Histogram scores =
            Histogram.build(
                            "spectrawatch_sample_scores",
                            "Combined p-values of the samples in the scores topic.")
                    .labelNames("model", "version")
                    .buckets(BUCKETS)
                    .create();
    private final Histogram pairs =
            Histogram.build(
                            "spectrawatch_pair_scores",
                            "P-values of the lift between samples in the scores topic and the"
                                    + " nearest earlier request of their client.")
                    .labelNames("model", "version")
                    .buckets(BUCKETS)
                    .create();
    private final Counter suspicious =
            Counter.build(
                            "spectrawatch_suspicious_samples_total",
                            "Samples that were called something, by kind.")
                    .labelNames("model", "version", "kind")
                    .create();

    /**
     * @param mostSeries label tuples of each metric at most
     * @param dropped counts what lies beyond
     */
    ScoreMetrics(int mostSeries, Counter.Child dropped) {
        this.models = new LabelLimit(mostSeries, dropped);
        this.kinds = new LabelLimit(mostSeries, dropped);
    }

    void registerAt(CollectorRegistry registry) {
        scores.register(registry);
        pairs.register(registry);
        suspicious.register(registry);
    }

    /** Begins the series of a sample that an exporter before this one has counted, at 0. */
    synchronized void show(SampleScores sample) {
        String model = ModelLabel.of(sample.getModelId(), sample.getSegment());
        String version = sample.getModelVersion();
        if (models.shows(List.of(model, version))) {
            scores.labels(model, version);
        }
        String kind = sample.getKind();
        if (kind != null && kinds.shows(List.of(model, version, kind))) {
            suspicious.labels(model, version, kind);
        }
    }

    /** Counts the sample. */
    synchronized void accept(SampleScores sample) {
        String model = ModelLabel.of(sample.getModelId(), sample.getSegment());
        String version = sample.getModelVersion();
        if (models.admits(List.of(model, version))) {
            scores.labels(model, version).observe(sample.getP());
            Double pair = sample.getScores().get(ClientPairs.LIFT);
            if (pair != null) {
                pairs.labels(model, version).observe(pair);
            }
        }
        String kind = sample.getKind();
        if (kind != null && kinds.admits(List.of(model, version, kind))) {
            suspicious.labels(model, version, kind).inc();
        }
    }
}
