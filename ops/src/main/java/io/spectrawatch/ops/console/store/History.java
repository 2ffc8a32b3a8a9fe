package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;

/**
 * What the topics say of models, in bounded memory: takes records in the order of their topics.
 * Safe for several threads.
 *
 * <p>Bounds are on models, layers and interfaces; records of further ones are counted and passed
 * over. {@link ConsoleStore} keeps it over a restart.
 */
public final class History {

    private final int mostModels;
    private final int mostParts;
    private final Map<WatchedModel, ModelHistory> models = new TreeMap<>();
    private long dropped;
    private long changes;

    /**
     * @param mostModels models that are kept
     * @param mostParts layers, and as many interfaces, that are kept over all models
     */
    public History(int mostModels, int mostParts) {
        this.mostModels = mostModels;
        this.mostParts = mostParts;
    }

    /** Takes a record; one of a type that no page shows is passed over. */
    public synchronized void accept(SpecificRecord value) {
        if (value instanceof LayerSketch each) {
            with(
                    each.getModelId(),
                    each.getModelVersion(),
                    each.getSegment(),
                    model -> accept(each, model));
        } else if (value instanceof InterfaceCertificate each) {
            with(
                    each.getModelId(),
                    each.getModelVersion(),
                    each.getSegment(),
                    model -> accept(each, model));
        } else if (value instanceof SampleScores each) {
            with(
                    each.getModelId(),
                    each.getModelVersion(),
                    each.getSegment(),
                    model -> model.samples().accept(each));
        } else if (value instanceof AttackEvidence each) {
            with(
                    each.getModelId(),
                    each.getModelVersion(),
                    each.getSegment(),
                    model -> model.samples().accept(each));
        } else if (value instanceof UnwatchedLayers each) {
            with(
                    each.getModelId(),
                    each.getModelVersion(),
                    each.getSegment(),
                    model -> model.accept(each));
        } else if (value instanceof GainGrowth each) {
            with(
                    each.getModelId(),
                    each.getModelVersion(),
                    each.getSegment(),
                    model -> model.accept(each));
        }
    }

    private void accept(LayerSketch each, ModelHistory model) {
        LayerHistory layer =
                part(model, ModelHistory::layers, each.getLayer(), () -> new LayerHistory(each));
        if (layer != null) {
            layer.accept(each);
        }
    }

    private void accept(InterfaceCertificate each, ModelHistory model) {
        InterfaceHistory known =
                part(
                        model,
                        ModelHistory::interfaces,
                        each.getInterfaceName(),
                        InterfaceHistory::new);
        if (known != null) {
            known.accept(each);
        }
    }

    /** A layer or interface by its name; null, and counted, where it is new and has no place. */
    private <T> T part(
            ModelHistory model,
            Function<ModelHistory, Map<String, T>> parts,
            String name,
            Supplier<T> made) {
        T known = parts.apply(model).get(name);
        if (known == null) {
            int all = models.values().stream().mapToInt(each -> parts.apply(each).size()).sum();
            if (all >= mostParts) {
                dropped++;
                return null;
            }
            known = made.get();
            parts.apply(model).put(name, known);
        }
        return known;
    }

    private void with(String id, String version, String segment, Consumer<ModelHistory> action) {
        WatchedModel key = new WatchedModel(id, version, segment);
        ModelHistory model = models.get(key);
        if (model == null) {
            if (models.size() >= mostModels) {
                dropped++;
                return;
            }
            model = new ModelHistory();
            models.put(key, model);
        }
        action.accept(model);
        changes++;
    }

    /** Every part that has changed since the last time, by key. */
    synchronized TreeMap<String, byte[]> takeChanges() {
        TreeMap<String, byte[]> changed = new TreeMap<>();
        models.forEach((key, model) -> HistoryEntry.addChanges(key, model, changed));
        return changed;
    }

    /**
     * Brings back a part.
     *
     * @throws RuntimeException if these are not its bytes
     */
    synchronized void restore(byte[] part) {
        HistoryEntry entry = HistoryEntry.read(part);
        WatchedModel key = entry.model();
        with(
                key.model(),
                key.version(),
                key.segment(),
                model -> {
                    switch (entry.kind()) {
                        case HistoryEntry.LAYER ->
                                part(
                                        model,
                                        ModelHistory::layers,
                                        entry.name(),
                                        () -> LayerHistory.read(entry.fields()));
                        case HistoryEntry.INTERFACE ->
                                part(
                                        model,
                                        ModelHistory::interfaces,
                                        entry.name(),
                                        () -> InterfaceHistory.read(entry.fields()));
                        case HistoryEntry.SAMPLES -> model.samples().read(entry.fields());
                        default -> model.read(entry.fields());
                    }
                });
    }

    /** Forgets everything. */
    synchronized void clear() {
        models.clear();
        changes++;
    }

    /** Looks at all models while nothing changes; what it makes must not hold on to them. */
    public synchronized <T> T read(Function<Map<WatchedModel, ModelHistory>, T> look) {
        return look.apply(models);
    }

    /** Counts what was taken: another number, another content. */
    public synchronized long changes() {
        return changes;
    }

    /** Records that had no place. */
    public synchronized long dropped() {
        return dropped;
    }
}
