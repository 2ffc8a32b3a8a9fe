package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.console.store.InterfaceHistory;
import io.spectrawatch.ops.console.store.InterfaceHistory.Figure;
import io.spectrawatch.ops.console.store.LayerHistory;
import io.spectrawatch.ops.console.store.ModelHistory;
import io.spectrawatch.ops.console.store.Series;
import io.spectrawatch.ops.console.store.WatchedModel;
import io.spectrawatch.ops.show.RecordJson;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.schemas.SpectrumChart;
import java.util.List;
import java.util.Locale;

/** One layer, and one interface between two. */
final class PartApi {

    /** Eigenvalues that a chart shows. */
    private static final int MOST_VALUES = 512;

    private static final RecordJson RECORDS = new RecordJson(false);

    private final History history;

    PartApi(History history) {
        this.history = history;
    }

    ObjectNode layer(WatchedModel key, String name) throws NoSuchThingException {
        ObjectNode found =
                history.read(
                        models -> {
                            ModelHistory model = models.get(key);
                            LayerHistory layer = model == null ? null : model.layers().get(name);
                            return layer == null ? null : layer(key, model, layer);
                        });
        return NoSuchThingException.require(found, "the layer " + name + " of " + key.model());
    }

    private static ObjectNode layer(WatchedModel key, ModelHistory model, LayerHistory layer) {
        LayerSketch sketch = layer.newest();
        ObjectNode node = Trees.of(key);
        node.put("name", sketch.getLayer());
        node.put("rows", sketch.getRows());
        node.put("columns", sketch.getColumns());
        node.put("algorithm", sketch.getAlgorithm());
        node.put("sketchRows", sketch.getSketchRows());
        node.put("centring", sketch.getCentring());
        node.put("paneStart", Trees.seconds(sketch.getPaneStart()));
        node.put("paneEnd", Trees.seconds(sketch.getPaneEnd()));
        node.set("ledger", RECORDS.tree(sketch.getLedger()));
        node.set("manifest", RECORDS.tree(sketch.getManifest()));
        spectrum(node.putObject("spectrum"), sketch);
        intervals(node.putArray("descriptors"), sketch.getDescriptors());
        intervals(node.putArray("descriptors95"), sketch.getDescriptors95());
        history(node.putObject("history"), layer);
        ArrayNode charts = node.putArray("charts");
        for (InterfaceHistory each : model.interfaces().values()) {
            charts(charts, each.found(), sketch.getLayer());
        }
        return node;
    }

    private static void intervals(ArrayNode array, List<Interval> intervals) {
        intervals.forEach(each -> array.add(Trees.of(each)));
    }

    /** Every eigenvalue of the rows lies within the ledger around that of the sketch. */
    private static void spectrum(ObjectNode node, LayerSketch sketch) {
        SketchLedger ledger = sketch.getLedger();
        double below = ledger.getDeltaMinus() + ledger.getRoundoff();
        double above = ledger.getDeltaPlus() + ledger.getRoundoff();
        ArrayNode lower = node.putArray("lower");
        ArrayNode values = node.putArray("estimate");
        ArrayNode upper = node.putArray("upper");
        int shown = 0;
        for (double value : sketch.getSpectrum()) {
            if (shown++ == MOST_VALUES) {
                break;
            }
            Trees.add(lower, Math.max(0, value - below));
            Trees.add(values, value);
            Trees.add(upper, value + above);
        }
        node.put("all", sketch.getSpectrum().size());
    }

    private static void history(ObjectNode node, LayerHistory layer) {
        Series series = layer.series();
        node.set("time", Trees.times(series));
        ObjectNode descriptors = node.putObject("descriptors");
        for (int i = 0; i < layer.names().size(); i++) {
            ObjectNode each = descriptors.putObject(layer.names().get(i));
            each.set("lower", Trees.column(series, 3 * i));
            each.set("estimate", Trees.column(series, 3 * i + 1));
            each.set("upper", Trees.column(series, 3 * i + 2));
        }
    }

    private static void charts(ArrayNode array, InterfaceCertificate certificate, String layer) {
        if (certificate == null || certificate.getFindings() == null) {
            return;
        }
        for (SpectrumChart chart : certificate.getFindings().getCharts()) {
            if (chart.getLayer().equals(layer)) {
                ObjectNode node = array.addObject();
                node.put("interface", certificate.getInterfaceName());
                node.put("ranks", chart.getRanks());
                node.set("exponent", RECORDS.tree(chart.getExponent()));
                node.set("effectiveRank", Trees.of(chart.getEffectiveRank()));
                Trees.put(node, "kolmogorovSmirnov", chart.getKolmogorovSmirnov());
            }
        }
    }

    ObjectNode between(WatchedModel key, String name) throws NoSuchThingException {
        ObjectNode found =
                history.read(
                        models -> {
                            ModelHistory model = models.get(key);
                            InterfaceHistory own =
                                    model == null ? null : model.interfaces().get(name);
                            return own == null ? null : between(key, own);
                        });
        return NoSuchThingException.require(found, "the interface " + name + " of " + key.model());
    }

    private static ObjectNode between(WatchedModel key, InterfaceHistory own) {
        ObjectNode node = Trees.of(key);
        node.set("newest", RECORDS.tree(own.newest()));
        node.set("found", own.found() == null ? null : RECORDS.tree(own.found()));
        ObjectNode series = node.putObject("history");
        series.set("time", Trees.times(own.series()));
        for (Figure figure : Figure.values()) {
            series.set(
                    figure.name().toLowerCase(Locale.ROOT),
                    Trees.column(own.series(), figure.ordinal()));
        }
        return node;
    }
}
