package io.spectrawatch.ops.exporter;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.NumericConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The newest pane of every layer as gauges, and a counter of panes.
 *
 * <p>A certified descriptor {@code x} gives {@code spectrawatch_x}, {@code spectrawatch_x_lower}
 * and {@code spectrawatch_x_upper}; none is ever served without the other two. Where the sketch has
 * probes, {@code spectrawatch_x_lower95} and {@code spectrawatch_x_upper95} are the narrower
 * interval that holds with 95 %.
 */
final class SketchMetrics extends Collector {

    private static final String[] LAYER = {"model", "version", "layer"};

    /** Unlike labels, names cannot be escaped in the exposition format. */
    private static final Pattern METRIC_NAME = Pattern.compile("[a-z0-9_]{1,100}");

    private static final String BOUNDS = "; the true value lies between _lower and _upper.";

    private static final String PROBABLE =
            "%s end of the interval that holds with 95 %% over the sketch's probes, for rows that"
                    + " do not depend on them, of the ";

    private final LabelLimit layers;
    private final Map<List<String>, LayerSketch> newest = new TreeMap<>(GaugeFamilies.LABEL_ORDER);
    private final Counter panes =
            Counter.build("spectrawatch_panes_total", "Panes sketched, by layer.")
                    .labelNames(LAYER)
                    .create();

    /**
     * @param mostLayers layers shown at most
     * @param dropped counts the panes of further ones
     */
    SketchMetrics(int mostLayers, Counter.Child dropped) {
        this.layers = new LabelLimit(mostLayers, dropped);
    }

    void registerAt(CollectorRegistry registry) {
        register(registry);
        panes.register(registry);
    }

    /** Shows the pane, and counts it. */
    synchronized void accept(LayerSketch sketch) {
        show(sketch);
        List<String> labels = labels(sketch);
        if (layers.admits(labels)) {
            panes.labels(labels.toArray(String[]::new)).inc();
        }
    }

    private static List<String> labels(LayerSketch sketch) {
        return List.of(
                ModelLabel.of(sketch.getModelId(), sketch.getSegment()),
                sketch.getModelVersion(),
                sketch.getLayer());
    }

    /** Shows a pane that an exporter before this one has counted. */
    synchronized void show(LayerSketch sketch) {
        List<String> labels = labels(sketch);
        if (layers.shows(labels)) {
            panes.labels(labels.toArray(String[]::new));
            newest.merge(labels, sketch, (a, b) -> b.getPaneEnd() >= a.getPaneEnd() ? b : a);
        }
    }

    @Override
    public synchronized List<MetricFamilySamples> collect() {
        GaugeFamilies families = new GaugeFamilies(LAYER);
        newest.forEach(
                (labels, sketch) -> {
                    describePane(families, labels, sketch);
                    describeLedger(families, labels, sketch);
                    describe(families, labels, sketch);
                });
        return families.list();
    }

    private static void describe(GaugeFamilies families, List<String> labels, LayerSketch sketch) {
        for (Interval value : sketch.getDescriptors()) {
            if (METRIC_NAME.matcher(value.getName()).matches()) {
                String help = help(value);
                families.add(
                        name(value),
                        "Estimate of the " + help + BOUNDS,
                        labels,
                        value.getEstimate());
                String certified = "Certified %s bound of the " + help + ".";
                addEnds(families, labels, value, certified, "");
            }
        }
        for (Interval value : sketch.getDescriptors95()) {
            if (METRIC_NAME.matcher(value.getName()).matches()) {
                addEnds(families, labels, value, PROBABLE + help(value) + ".", "95");
            }
        }
    }

    private static String name(Interval value) {
        return "spectrawatch_" + value.getName();
    }

    private static String help(Interval value) {
        return value.getName().replace('_', ' ') + " of the layer's centred activations";
    }

    /**
     * @param help with a place for which end it is
     */
    private static void addEnds(
            GaugeFamilies families,
            List<String> labels,
            Interval value,
            String help,
            String suffix) {
        families.add(
                name(value) + "_lower" + suffix, help.formatted("lower"), labels, value.getLower());
        families.add(
                name(value) + "_upper" + suffix, help.formatted("upper"), labels, value.getUpper());
    }

    private static void describePane(
            GaugeFamilies families, List<String> labels, LayerSketch sketch) {
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
        families.add(
                "spectrawatch_sketch_info",
                "How the newest pane was sketched.",
                labels,
                Map.of(
                        "algorithm", sketch.getAlgorithm(),
                        "provider", numerics.getProvider(),
                        "device", numerics.getDevice()),
                1);
    }

    private static void describeLedger(
            GaugeFamilies families, List<String> labels, LayerSketch sketch) {
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
}
