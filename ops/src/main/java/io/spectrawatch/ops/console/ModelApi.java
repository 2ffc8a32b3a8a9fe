package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.alert.ModelAlerts;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.console.store.InterfaceHistory;
import io.spectrawatch.ops.console.store.LayerHistory;
import io.spectrawatch.ops.console.store.ModelHistory;
import io.spectrawatch.ops.console.store.WatchedModel;
import io.spectrawatch.ops.show.RecordJson;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** All models in a line each, and one model with its layers and interfaces. */
final class ModelApi {

    private static final RecordJson RECORDS = new RecordJson(false);

    /** Descriptors of a layer in its line of the model's page. */
    private static final Set<String> SHOWN = Set.of("spectral_entropy", "effective_rank");

    private final History history;
    private final AlertBook alerts;

    ModelApi(History history, AlertBook alerts) {
        this.history = history;
        this.alerts = alerts;
    }

    ObjectNode fleet() {
        Map<WatchedModel, SortedMap<String, Integer>> standing = new TreeMap<>();
        for (ModelAlerts each : alerts.standingByModel()) {
            standing.put(
                    new WatchedModel(each.model(), each.version(), each.segment()), each.kinds());
        }
        return history.read(
                models -> {
                    ObjectNode node = Trees.object();
                    ArrayNode list = node.putArray("models");
                    Map<WatchedModel, ModelHistory> all = new TreeMap<>(models);
                    // Of some models nothing is left but their alerts.
                    standing.keySet().forEach(key -> all.putIfAbsent(key, null));
                    all.forEach((key, model) -> list.add(line(key, model, standing.get(key))));
                    return node;
                });
    }

    private static ObjectNode line(
            WatchedModel key, ModelHistory model, SortedMap<String, Integer> standing) {
        ObjectNode node = Trees.of(key);
        ObjectNode kinds = node.putObject("active");
        if (standing != null) {
            standing.forEach(kinds::put);
        }
        node.put("layers", model == null ? 0 : model.layers().size());
        node.put("interfaces", model == null ? 0 : model.interfaces().size());
        node.put("samples", model == null ? 0 : model.samples().samples());
        node.put("findings", model == null ? 0 : model.samples().found());
        Trees.put(node, "lastMinute", model == null ? Double.NaN : model.samples().lastMinute());
        Long paneEnd = model == null ? null : model.paneEnd();
        node.put("paneEnd", paneEnd == null ? null : Trees.seconds(paneEnd));
        node.put(
                "unwatched",
                model == null || model.unwatched() == null
                        ? 0
                        : model.unwatched().getLayers().size());
        ObjectNode statuses = node.putObject("certificates");
        for (CertificateStatus status : CertificateStatus.values()) {
            long count =
                    model == null
                            ? 0
                            : model.interfaces().values().stream()
                                    .filter(each -> each.newest().getStatus() == status)
                                    .count();
            statuses.put(word(status), count);
        }
        return node;
    }

    ObjectNode model(WatchedModel key) throws NoSuchThingException {
        SortedMap<String, Integer> standing =
                alerts.standing(key.model(), key.version(), key.segment());
        ObjectNode found =
                history.read(
                        models -> {
                            ModelHistory model = models.get(key);
                            return model == null ? null : whole(key, model, standing);
                        });
        return NoSuchThingException.require(
                found, "the model " + key.model() + ' ' + key.version());
    }

    private static ObjectNode whole(
            WatchedModel key, ModelHistory model, SortedMap<String, Integer> standing) {
        ObjectNode node = line(key, model, standing);
        ArrayNode layers = node.putArray("layerList");
        List<LayerHistory> chain =
                model.layers().values().stream()
                        .sorted(
                                Comparator.comparingInt(
                                        (LayerHistory each) -> each.newest().getLayerIndex()))
                        .toList();
        chain.forEach(each -> layers.add(layer(each.newest())));
        ArrayNode interfaces = node.putArray("interfaceList");
        model.interfaces().forEach((name, each) -> interfaces.add(line(name, each)));
        node.set(
                "unwatchedPane",
                model.unwatched() == null ? null : RECORDS.tree(model.unwatched()));
        node.set("growth", model.growth() == null ? null : RECORDS.tree(model.growth()));
        return node;
    }

    private static ObjectNode layer(LayerSketch sketch) {
        ObjectNode node = Trees.object();
        node.put("name", sketch.getLayer());
        node.put("columns", sketch.getColumns());
        node.put("rows", sketch.getRows());
        node.put("algorithm", sketch.getAlgorithm());
        node.put("paneEnd", Trees.seconds(sketch.getPaneEnd()));
        ArrayNode descriptors = node.putArray("descriptors");
        for (Interval each : sketch.getDescriptors()) {
            if (SHOWN.contains(each.getName())) {
                descriptors.add(Trees.of(each));
            }
        }
        return node;
    }

    private static ObjectNode line(String name, InterfaceHistory each) {
        ObjectNode node = Trees.object();
        node.put("name", name);
        node.put("status", word(each.newest().getStatus()));
        node.put("reason", each.newest().getReason());
        node.put("paneEnd", Trees.seconds(each.newest().getPaneEnd()));
        ArrayNode active = node.putArray("active");
        each.newest().getActiveAlerts().forEach(active::add);
        CertificateFindings findings = each.newest().getFindings();
        if (findings != null) {
            Trees.put(node, "utilisation", findings.getUtilisation());
            Trees.put(node, "utilisationUpper", findings.getUtilisationUpper());
            node.put("changed", findings.getChanged());
        }
        return node;
    }

    private static String word(CertificateStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
