package io.spectrawatch.ops.exporter;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.NumericConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The newest pane of every layer as gauges, and counters of panes and alerts.
 *
 * <p>A certified descriptor {@code x} gives {@code spectrawatch_x}, {@code spectrawatch_x_lower}
 * and {@code spectrawatch_x_upper}; none is ever served without the other two.
 */
final class SketchMetrics extends Collector {

    private static final List<String> LAYER = List.of("model", "version", "layer");

    /** Unlike labels, names cannot be escaped in the exposition format. */
    private static final Pattern METRIC_NAME = Pattern.compile("[a-z0-9_]{1,100}");

    private static final String BOUNDS = "; the true value lies between _lower and _upper.";

    private final int maxLayers;
    private final Map<List<String>, LayerSketch> newest = new TreeMap<>(SketchMetrics::compare);
    private final Counter panes =
            counter(
                    "spectrawatch_panes_total",
                    "Panes sketched, by layer.",
                    "model",
                    "version",
                    "layer");
    private final Counter alerts =
            counter(
                    "spectrawatch_alerts_total",
                    "Alerts raised, by kind.",
                    "model",
                    "version",
                    "kind");
    private final Counter dropped =
            counter(
                    "spectrawatch_exporter_dropped_layers_total",
                    "Panes of layers beyond the limit on exported layers.");

    /**
     * @param maxLayers layers served at most; panes of further layers are counted and not served
     */
    SketchMetrics(int maxLayers) {
        this.maxLayers = maxLayers;
    }

    void registerAt(CollectorRegistry registry) {
        register(registry);
        panes.register(registry);
        alerts.register(registry);
        dropped.register(registry);
    }

    synchronized void accept(LayerSketch sketch) {
        List<String> labels =
                List.of(sketch.getModelId(), sketch.getModelVersion(), sketch.getLayer());
        if (!newest.containsKey(labels) && newest.size() >= maxLayers) {
            dropped.inc();
            return;
        }
        panes.labels(labels.toArray(String[]::new)).inc();
        newest.merge(labels, sketch, (a, b) -> b.getPaneEnd() >= a.getPaneEnd() ? b : a);
    }

    synchronized void accept(Alert alert) {
        if (alert.getTransition() == AlertTransition.RAISED) {
            alerts.labels(alert.getModelId(), alert.getModelVersion(), alert.getKind()).inc();
        }
    }

    @Override
    public synchronized List<MetricFamilySamples> collect() {
        Families families = new Families();
        newest.forEach(
                (labels, sketch) -> {
                    describePane(families, labels, sketch);
                    describeLedger(families, labels, sketch);
                    for (Interval value : sketch.getDescriptors()) {
                        if (!METRIC_NAME.matcher(value.getName()).matches()) {
                            continue;
                        }
                        String name = "spectrawatch_" + value.getName();
                        String help =
                                value.getName().replace('_', ' ')
                                        + " of the layer's centred activations";
                        families.add(
                                name,
                                "Estimate of the " + help + BOUNDS,
                                labels,
                                value.getEstimate());
                        families.add(
                                name + "_lower",
                                "Certified lower bound of the " + help + ".",
                                labels,
                                value.getLower());
                        families.add(
                                name + "_upper",
                                "Certified upper bound of the " + help + ".",
                                labels,
                                value.getUpper());
                    }
                });
        return families.list();
    }

    private static void describePane(Families families, List<String> labels, LayerSketch sketch) {
        families.add(
                "spectrawatch_pane_rows", "Rows of the newest pane.", labels, sketch.getRows());
        families.add(
                "spectrawatch_pane_end_timestamp_seconds",
                "End of the newest pane, seconds since the epoch.",
                labels,
                sketch.getPaneEnd() / 1e6);
        families.add(
                "spectrawatch_layer_columns", "Columns of the layer.", labels, sketch.getColumns());
        families.add(
                "spectrawatch_aspect_ratio",
                "Columns over rows; descriptors of panes with different ratios are not comparable.",
                labels,
                sketch.getAspectRatio());
        NumericConfig numerics = sketch.getManifest().getNumerics();
        families.addInfo(
                "spectrawatch_sketch_info",
                "How the newest pane was sketched.",
                labels,
                Map.of(
                        "algorithm", sketch.getAlgorithm(),
                        "provider", numerics.getProvider(),
                        "device", numerics.getDevice()));
    }

    private static void describeLedger(Families families, List<String> labels, LayerSketch sketch) {
        double energy = sketch.getLedger().getEnergy();
        double error = sketch.getLedger().getDeltaPlus() + sketch.getLedger().getRoundoff();
        families.add(
                "spectrawatch_sketch_error_ratio",
                "Certified error of the sketch in any direction, over the energy of the pane.",
                labels,
                energy > 0 ? error / energy : 0);
        families.add(
                "spectrawatch_sketch_shed_ratio",
                "Energy the sketch let go, over the energy of the pane.",
                labels,
                energy > 0 ? sketch.getLedger().getShed() / energy : 0);
    }

    private static Counter counter(String name, String help, String... labels) {
        return Counter.build(name, help).labelNames(labels).create();
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

    /** Gauge families in the order in which they were first added. */
    private static final class Families {
        private final Map<String, MetricFamilySamples> byName = new TreeMap<>();

        void add(String name, String help, List<String> labels, double value) {
            add(name, help, LAYER, labels, value);
        }

        void addInfo(String name, String help, List<String> labels, Map<String, String> more) {
            List<String> names = new ArrayList<>(LAYER);
            List<String> values = new ArrayList<>(labels);
            new TreeMap<>(more)
                    .forEach(
                            (key, value) -> {
                                names.add(key);
                                values.add(value);
                            });
            add(name, help, names, values, 1);
        }

        private void add(
                String name, String help, List<String> names, List<String> values, double value) {
            byName.computeIfAbsent(
                            name,
                            n -> new MetricFamilySamples(n, Type.GAUGE, help, new ArrayList<>()))
                    .samples
                    .add(new MetricFamilySamples.Sample(name, names, values, value));
        }

        List<MetricFamilySamples> list() {
            return List.copyOf(byName.values());
        }
    }
}
