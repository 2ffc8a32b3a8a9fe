package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many alerts of each kind stand for each model, counted as alerts come and go, so that asking
 * costs what is told.
 */
final class StandingAlerts {

    private static final Comparator<Model> ORDER =
            Comparator.comparing(Model::id)
                    .thenComparing(Model::version)
                    .thenComparing(
                            Model::segment, Comparator.nullsFirst(Comparator.naturalOrder()));

    private final Map<Model, SortedMap<String, Integer>> byModel = new TreeMap<>(ORDER);
    private int all;

    private record Model(String id, String version, String segment) {}

    private static Model model(Alert alert) {
        return new Model(alert.getModelId(), alert.getModelVersion(), alert.getSegment());
    }

    void add(Alert alert) {
        byModel.computeIfAbsent(model(alert), model -> new TreeMap<>())
                .merge(alert.getKind(), 1, Integer::sum);
        all++;
    }

    /** Of an alert that was added. */
    void remove(Alert alert) {
        Model model = model(alert);
        SortedMap<String, Integer> kinds = byModel.get(model);
        kinds.computeIfPresent(
                alert.getKind(), (kind, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        if (kinds.isEmpty()) {
            byModel.remove(model);
        }
        all--;
    }

    int all() {
        return all;
    }

    /** By kind; empty where none stands. */
    SortedMap<String, Integer> of(String model, String version, String segment) {
        return new TreeMap<>(
                byModel.getOrDefault(
                        new Model(model, version, segment), Collections.emptySortedMap()));
    }

    /** Of every model for which one stands, by its name. */
    List<ModelAlerts> models() {
        List<ModelAlerts> models = new ArrayList<>();
        byModel.forEach(
                (model, kinds) ->
                        models.add(
                                new ModelAlerts(
                                        model.id(),
                                        model.version(),
                                        model.segment(),
                                        new TreeMap<>(kinds))));
        return models;
    }
}
