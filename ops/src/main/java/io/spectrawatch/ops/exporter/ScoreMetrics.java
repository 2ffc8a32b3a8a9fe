package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The distribution of the samples' p-values, how many samples were called what, and how many did
 * not come to their end, which are in nothing else.
 */
final class ScoreMetrics {

    /** Alert levels, and enough of the rest to see whether clean samples are spread evenly. */
    private static final double[] BUCKETS = {.001, .005, .01, .05, .1, .25, .5, .75, 1};

    /** Values of the attribute that have a label of their own. */
    static final int MOST_SEGMENTS = 20;

    /** The label of all further ones. */
    static final String OTHER = "other";

    /** Attribute of samples that is a label; null for none. */
    private final String attribute;

    private final Set<String> segments = new HashSet<>();
    private final LabelLimit models;
    private final LabelLimit kinds;
    private final LabelLimit reasons;
    private final Histogram scores;
    private final Histogram pairs;
    private final Counter suspicious;
    private final Counter incomplete;

    /**
     * @param attribute of samples that is a label, null for none
     * @param mostSeries label tuples of each metric at most
     * @param dropped counts what lies beyond
     */
    ScoreMetrics(String attribute, int mostSeries, Counter.Child dropped) {
        this.attribute = attribute;
        this.models = new LabelLimit(mostSeries, dropped);
        this.kinds = new LabelLimit(mostSeries, dropped);
        this.reasons = new LabelLimit(mostSeries, dropped);
        this.scores =
                Histogram.build(
                                "spectrawatch_sample_scores",
                                "Combined p-values of the samples in the scores topic.")
                        .labelNames(names())
                        .buckets(BUCKETS)
                        .create();
        this.pairs =
                Histogram.build(
                                "spectrawatch_pair_scores",
                                "P-values of the lift between samples in the scores topic and the"
                                        + " nearest earlier request of their client.")
                        .labelNames(names())
                        .buckets(BUCKETS)
                        .create();
        this.suspicious =
                Counter.build(
                                "spectrawatch_suspicious_samples_total",
                                "Samples that were called something, by kind.")
                        .labelNames(names("kind"))
                        .create();
        this.incomplete =
                Counter.build(
                                "spectrawatch_incomplete_samples_total",
                                "Samples that did not come to their end and are not judged, by"
                                        + " reason.")
                        .labelNames(names("reason"))
                        .create();
    }

    private String[] names(String... more) {
        List<String> names = new ArrayList<>(List.of("model", "version"));
        if (attribute != null) {
            names.add("segment");
        }
        names.addAll(List.of(more));
        return names.toArray(new String[0]);
    }

    private List<String> labels(SampleScores sample, String... more) {
        List<String> labels =
                new ArrayList<>(
                        List.of(
                                ModelLabel.of(sample.getModelId(), sample.getSegment()),
                                sample.getModelVersion()));
        if (attribute != null) {
            labels.add(segment(sample));
        }
        labels.addAll(List.of(more));
        return labels;
    }

    /** The value of the attribute, empty where the sample has none. */
    private String segment(SampleScores sample) {
        String value =
                sample.getContext() == null
                        ? ""
                        : sample.getContext().getAttributes().getOrDefault(attribute, "");
        boolean own =
                value.isEmpty()
                        || segments.contains(value)
                        || segments.size() < MOST_SEGMENTS && segments.add(value);
        return own ? value : OTHER;
    }

    void registerAt(CollectorRegistry registry) {
        scores.register(registry);
        pairs.register(registry);
        suspicious.register(registry);
        incomplete.register(registry);
    }

    /** Begins the series of a sample that an exporter before this one has counted, at 0. */
    synchronized void show(SampleScores sample) {
        if (sample.getIncomplete() != null) {
            List<String> labels = labels(sample, sample.getIncomplete());
            if (reasons.shows(labels)) {
                incomplete.labels(labels.toArray(new String[0]));
            }
            return;
        }
        List<String> model = labels(sample);
        if (models.shows(model)) {
            scores.labels(model.toArray(new String[0]));
        }
        String kind = sample.getKind();
        if (kind != null && kinds.shows(labels(sample, kind))) {
            suspicious.labels(labels(sample, kind).toArray(new String[0]));
        }
    }

    /** Counts the sample. */
    synchronized void accept(SampleScores sample) {
        if (sample.getIncomplete() != null) {
            List<String> labels = labels(sample, sample.getIncomplete());
            if (reasons.admits(labels)) {
                incomplete.labels(labels.toArray(new String[0])).inc();
            }
            return;
        }
        List<String> model = labels(sample);
        if (models.admits(model)) {
            String[] labels = model.toArray(new String[0]);
            scores.labels(labels).observe(sample.getP());
            Double pair = sample.getScores().get(ClientPairs.LIFT);
            if (pair != null) {
                pairs.labels(labels).observe(pair);
            }
        }
        String kind = sample.getKind();
        if (kind != null && kinds.admits(labels(sample, kind))) {
            suspicious
                    .labels(labels(sample, kind).toArray(new String[0]))
                    .incWithExemplar(ExemplarLabels.of(sample));
        }
    }
}
