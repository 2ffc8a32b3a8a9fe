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
import org.apache.avro.specific.SpecificRecord;

/**
 * What the topics say of models, in bounded memory: takes records in the order of their topics.
 * Safe for several threads.
 *
 * <p>Bounds are on models, layers and interfaces; records of further ones are counted and passed
 * over. Nothing is written to disk: after a restart the topics are read again.
 */
public final class History {

    private final int mostModels;
    private final int mostParts;
    private final Map<WatchedModel, ModelHistory> models = new TreeMap<>();
    private int layers;
    private int interfaces;
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
            accept(each);
        } else if (value instanceof InterfaceCertificate each) {
            accept(each);
        } else if (value instanceof SampleScores each) {
            with(
                    new WatchedModel(each.getModelId(), each.getModelVersion(), each.getSegment()),
                    model -> model.samples().accept(each));
        } else if (value instanceof AttackEvidence each) {
            with(
                    new WatchedModel(each.getModelId(), each.getModelVersion(), each.getSegment()),
                    model -> model.samples().accept(each));
        } else if (value instanceof UnwatchedLayers each) {
            with(
                    new WatchedModel(each.getModelId(), each.getModelVersion(), each.getSegment()),
                    model -> model.accept(each));
        } else if (value instanceof GainGrowth each) {
            with(
                    new WatchedModel(each.getModelId(), each.getModelVersion(), each.getSegment()),
                    model -> model.accept(each));
        }
    }

    private void accept(LayerSketch each) {
        with(
                new WatchedModel(each.getModelId(), each.getModelVersion(), each.getSegment()),
                model -> {
                    LayerHistory layer = model.layers().get(each.getLayer());
                    if (layer == null) {
                        if (layers >= mostParts) {
                            dropped++;
                            return;
                        }
                        layers++;
                        layer = new LayerHistory(each);
                        model.layers().put(each.getLayer(), layer);
                    }
                    layer.accept(each);
                });
    }

    private void accept(InterfaceCertificate each) {
        with(
                new WatchedModel(each.getModelId(), each.getModelVersion(), each.getSegment()),
                model -> {
                    InterfaceHistory known = model.interfaces().get(each.getInterfaceName());
                    if (known == null) {
                        if (interfaces >= mostParts) {
                            dropped++;
                            return;
                        }
                        interfaces++;
                        known = new InterfaceHistory();
                        model.interfaces().put(each.getInterfaceName(), known);
                    }
                    known.accept(each);
                });
    }

    private void with(WatchedModel key, Consumer<ModelHistory> action) {
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
