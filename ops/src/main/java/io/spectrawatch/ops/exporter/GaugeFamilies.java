package io.spectrawatch.ops.exporter;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gauges of one scrape that share their first labels, in the order of their names. */
final class GaugeFamilies {

    /** Orders tuples of label values of one length. */
    static final Comparator<List<String>> LABEL_ORDER = GaugeFamilies::compare;

    private final List<String> labelNames;
    private final Map<String, MetricFamilySamples> byName = new TreeMap<>();

    GaugeFamilies(String... labelNames) {
        this.labelNames = List.of(labelNames);
    }

    void add(String name, String help, List<String> labels, double value) {
        add(name, help, labelNames, labels, value);
    }

    /** Adds a sample with further labels, each a name and its value. */
    void add(
            String name,
            String help,
            List<String> labels,
            Map<String, String> further,
            double value) {
        List<String> names = new ArrayList<>(labelNames);
        List<String> values = new ArrayList<>(labels);
        new TreeMap<>(further)
                .forEach(
                        (key, label) -> {
                            names.add(key);
                            values.add(label);
                        });
        add(name, help, names, values, value);
    }

    private void add(
            String name, String help, List<String> names, List<String> values, double value) {
        byName.computeIfAbsent(
                        name,
                        n ->
                                new MetricFamilySamples(
                                        n, Collector.Type.GAUGE, help, new ArrayList<>()))
                .samples
                .add(new MetricFamilySamples.Sample(name, names, values, value));
    }

    List<MetricFamilySamples> list() {
        return List.copyOf(byName.values());
    }

    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
