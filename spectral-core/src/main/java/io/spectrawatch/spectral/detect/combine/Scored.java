package io.spectrawatch.spectral.detect.combine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of scoring rows: one entry per sample. */
public final class Scored {
    private final int[] predicted;
    private final int[] favoured;
    private final double[] statistic;
    private final double[] p;
    private final SampleVerdict.Kind[] kinds;
    private final String[] loudest;
    private final Map<String, Column> columns;
    private final List<List<LoudRow>> loudRows;

    /** One score of every sample: its value and its half-Cauchy term, means over rows. */
    record Column(double[] value, double[] term, boolean twoSided) {}

    Scored(
            int[] predicted,
            int[] favoured,
            double[] statistic,
            double[] p,
            SampleVerdict.Kind[] kinds,
            String[] loudest,
            Map<String, Column> columns,
            List<List<LoudRow>> loudRows) {
        this.predicted = predicted;
        this.favoured = favoured;
        this.statistic = statistic;
        this.p = p;
        this.kinds = kinds;
        this.loudest = loudest;
        this.columns = columns;
        this.loudRows = loudRows;
    }

    /** Returns the number of samples. */
    public int samples() {
        return statistic.length;
    }

    /** Returns the combined statistic of each sample; larger is more suspicious. */
    public double[] statistic() {
        return statistic.clone();
    }

    /** Returns the conformal p-value of each sample. */
    public double[] p() {
        return p.clone();
    }

    /** Returns the predicted class of each sample, 0 where classes are pooled. */
    public int[] predicted() {
        return predicted.clone();
    }

    /**
     * Returns the raw scores computed, by name; a sample of several rows has their mean. Two-sided
     * scores are here as they are, not folded.
     */
    public Map<String, double[]> scores() {
        Map<String, double[]> values = new LinkedHashMap<>();
        columns.forEach((name, column) -> values.put(name, column.value().clone()));
        return values;
    }

    /**
     * Returns the scores computed, by name, so that larger is more suspicious for all of them: a
     * two-sided score is folded by its calibration.
     */
    public Map<String, double[]> suspicions() {
        Map<String, double[]> values = new LinkedHashMap<>();
        columns.forEach(
                (name, column) ->
                        values.put(
                                name,
                                (column.twoSided() ? column.term() : column.value()).clone()));
        return values;
    }

    /**
     * Returns the p-value of each score of one sample, by name; for a sample of several rows that
     * of the mean half-Cauchy term, the combination of the rows.
     */
    public Map<String, Double> scorePValues(int sample) {
        Map<String, Double> values = new LinkedHashMap<>();
        columns.forEach((name, column) -> values.put(name, Combination.p(column.term()[sample])));
        return values;
    }

    /**
     * Returns the rows of a sample that contribute most to its statistic, the loudest first; none
     * where it has one row.
     */
    public List<LoudRow> loudRows(int sample) {
        return loudRows.get(sample);
    }

    /** The half-Cauchy term of a score for each sample; not a copy. */
    double[] terms(String score) {
        return columns.get(score).term();
    }

    /** A score of each sample as it is; not a copy. */
    double[] values(String score) {
        return columns.get(score).value();
    }

    /** Returns everything about one sample. */
    public SampleVerdict verdict(int sample) {
        return new SampleVerdict(
                sample,
                predicted[sample],
                favoured[sample],
                statistic[sample],
                p[sample],
                kinds[sample],
                loudest[sample]);
    }
}
