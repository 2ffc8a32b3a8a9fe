package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.topology.KnownModel.KnownLayer;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerCatalogueEntry;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Holds every snapshot of a model version to the digest and the columns of the first one its shard
 * accepted.
 *
 * <p>A layer's index and role may change: that concerns readers of the catalogue, not the numbers.
 * Of more model versions than are remembered the one first seen is forgotten, so the outcome
 * depends on the log alone.
 */
final class ModelCatalogue {

    private final KeyValueStore<String, byte[]> store;
    private final int maxModels;
    private final int maxLayers;

    /** By ascending ordinal. */
    private final Map<String, KnownModel> models = new LinkedHashMap<>();

    private long nextOrdinal;

    ModelCatalogue(KeyValueStore<String, byte[]> store, int maxModels, int maxLayers) {
        this.store = store;
        this.maxModels = maxModels;
        this.maxLayers = maxLayers;
        restore();
    }

    private void restore() {
        List<KeyValue<String, KnownModel>> stored = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(
                    entry ->
                            stored.add(
                                    KeyValue.pair(entry.key, KnownModel.fromBytes(entry.value))));
        }
        stored.sort(Comparator.comparingLong(entry -> entry.value.ordinal()));
        for (KeyValue<String, KnownModel> entry : stored) {
            models.put(entry.key, entry.value);
            nextOrdinal = entry.value.ordinal() + 1;
        }
        forgetEldest();
    }

    /** Refuses what contradicts the model version's earlier snapshots. */
    void check(ActivationSnapshot snapshot) throws Refused {
        KnownModel known = models.get(key(snapshot));
        if (known == null) {
            return;
        }
        if (!known.digest().equals(snapshot.getModelDigest())) {
            throw conflict(snapshot, "has digest", known.digest(), snapshot.getModelDigest());
        }
        int layers = known.layers().size();
        for (Layer layer : snapshot.getLayers()) {
            KnownLayer before = known.layers().get(layer.getName());
            if (before == null) {
                layers++;
            } else if (before.columns() != layer.getColumns()) {
                throw conflict(
                        snapshot,
                        "layer '" + layer.getName() + "' has columns",
                        before.columns(),
                        layer.getColumns());
            }
        }
        if (layers > maxLayers) {
            throw new Refused(
                    RejectionReason.INVALID_FIELD,
                    "a model version may have " + maxLayers + " layers, found " + layers);
        }
    }

    /**
     * Remembers a snapshot that passed the check.
     *
     * @return entries for the layers that are new or differ from before
     */
    List<LayerCatalogueEntry> accept(ActivationSnapshot snapshot) {
        String key = key(snapshot);
        KnownModel known = models.get(key);
        if (known == null) {
            known = new KnownModel(nextOrdinal++, snapshot.getModelDigest());
            models.put(key, known);
        }
        List<LayerCatalogueEntry> changed = new ArrayList<>();
        for (Layer layer : snapshot.getLayers()) {
            KnownLayer now = KnownLayer.of(layer);
            if (!now.equals(known.layers().put(layer.getName(), now))) {
                changed.add(entry(snapshot, layer.getName(), now));
            }
        }
        if (!changed.isEmpty()) {
            store.put(key, known.toBytes());
            forgetEldest();
        }
        return changed;
    }

    private void forgetEldest() {
        Iterator<String> eldest = models.keySet().iterator();
        while (models.size() > maxModels) {
            String key = eldest.next();
            eldest.remove();
            store.delete(key);
        }
    }

    private static LayerCatalogueEntry entry(
            ActivationSnapshot snapshot, String layer, KnownLayer known) {
        return new LayerCatalogueEntry(
                snapshot.getModelId(),
                snapshot.getModelVersion(),
                snapshot.getModelDigest(),
                layer,
                known.index(),
                known.role(),
                known.columns());
    }

    private static String key(ActivationSnapshot snapshot) {
        return Topics.key(snapshot.getModelId(), snapshot.getModelVersion());
    }

    private static Refused conflict(
            ActivationSnapshot snapshot, String what, Object expected, Object found) {
        return new Refused(
                RejectionReason.CATALOGUE_CONFLICT,
                "model '"
                        + snapshot.getModelId()
                        + "' version '"
                        + snapshot.getModelVersion()
                        + "' "
                        + what
                        + " "
                        + expected
                        + ", found "
                        + found
                        + "; a changed model needs a new version");
    }
}
