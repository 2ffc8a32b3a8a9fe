package io.spectrawatch.ingest.model;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.model.KnownModel.KnownLayer;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerCatalogueEntry;
import io.spectrawatch.schemas.LayerIdentity;
import io.spectrawatch.schemas.ModelIdentity;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds every snapshot of a model version to what the version is on all shards: its digest, and of
 * each layer the columns, the role, and what is tapped where a client has said.
 *
 * <p>That is decided by the {@link ModelRegister}, which a shard asks when it meets a version or a
 * layer for the first time. A snapshot may carry fewer layers than others of its version, and a
 * layer another index where other layers are tapped beside it: the layer is the same by its name.
 *
 * <p>Beside it the shard remembers what it has accepted itself: in order to tell the catalogue of
 * layers once, and to claim a version again that the register has forgotten. Of more model versions
 * than are remembered the one first seen is forgotten.
 */
public final class ModelCatalogue {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCatalogue.class);

    /** Claims that come from a shard's state, not from a snapshot. */
    private static final long NO_OFFSET = -1;

    private final KeyValueStore<String, byte[]> store;
    private final ModelRegister register;
    private final int shard;
    private final int maxModels;
    private final int maxLayers;

    /** By ascending ordinal. */
    private final Map<String, KnownModel> models = new LinkedHashMap<>();

    private long nextOrdinal;

    public ModelCatalogue(
            KeyValueStore<String, byte[]> store,
            ModelRegister register,
            int shard,
            int maxModels,
            int maxLayers) {
        this.store = store;
        this.register = register;
        this.shard = shard;
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
        claimRestored();
    }

    /** Defends what the shard has accepted, and gives up what others had claimed before. */
    private void claimRestored() {
        List<String> keys = new ArrayList<>();
        List<ModelIdentity> claims = new ArrayList<>();
        models.forEach(
                (key, known) -> {
                    KnownModel registered = register.find(key);
                    if (registered == null || !registered.covers(known)) {
                        keys.add(key);
                        String[] parts = Topics.parts(key);
                        claims.add(claim(parts[0], parts[1], known, "", NO_OFFSET));
                    }
                });
        List<KnownModel> outcomes = register.claim(claims);
        for (int i = 0; i < keys.size(); i++) {
            KnownModel outcome = outcomes.get(i);
            if (outcome == null || !outcome.covers(models.get(keys.get(i)))) {
                LOG.warn(
                        "shard {}: model version {} was accepted as {}, which another shard claimed"
                                + " before as {}; what was claimed first counts from now on",
                        shard,
                        keys.get(i),
                        models.get(keys.get(i)),
                        outcome);
                models.remove(keys.get(i));
                store.delete(keys.get(i));
            }
        }
    }

    /** Refuses what contradicts what is known of the model version at this moment. */
    public void check(ActivationSnapshot snapshot) throws Refused {
        String key = key(snapshot);
        KnownModel registered = register.find(key);
        KnownModel known = registered == null ? models.get(key) : registered;
        if (known != null) {
            require(known, snapshot);
        }
    }

    private void require(KnownModel known, ActivationSnapshot snapshot) throws Refused {
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
                        snapshot, has(layer, "columns"), before.columns(), layer.getColumns());
            } else if (!before.role().equals(layer.getRole().name())) {
                throw conflict(snapshot, has(layer, "role"), before.role(), layer.getRole());
            } else if (!before.agrees(KnownLayer.of(layer))) {
                throw conflict(
                        snapshot,
                        has(layer, "tap"),
                        "'" + before.tap() + "'",
                        "'" + layer.getTap() + "'");
            }
        }
        if (layers > maxLayers) {
            throw tooMany(layers);
        }
    }

    private static String has(Layer layer, String what) {
        return "layer '" + layer.getName() + "' has " + what;
    }

    /**
     * Remembers a snapshot that passed the check, if the register agrees.
     *
     * @param offset of the snapshot
     * @return entries for the layers that are new on this shard, or whose tap is
     * @throws Refused if the version or one of its layers was claimed otherwise before
     */
    public List<LayerCatalogueEntry> accept(ActivationSnapshot snapshot, long offset)
            throws Refused {
        String key = key(snapshot);
        KnownModel registered = registered(key, snapshot, offset);
        KnownModel known = models.get(key);
        if (known == null) {
            known = new KnownModel(nextOrdinal++, snapshot.getModelDigest());
            models.put(key, known);
        }
        List<LayerCatalogueEntry> added = new ArrayList<>();
        for (Layer layer : snapshot.getLayers()) {
            KnownLayer before = known.layers().get(layer.getName());
            KnownLayer now = known.add(layer.getName(), registered.layers().get(layer.getName()));
            if (!now.equals(before)) {
                added.add(entry(snapshot, layer.getName(), now));
            }
        }
        if (!added.isEmpty()) {
            store.put(key, known.toBytes());
            forgetEldest();
        }
        return added;
    }

    private KnownModel registered(String key, ActivationSnapshot snapshot, long offset)
            throws Refused {
        KnownModel registered = register.find(key);
        if (registered != null && hasAll(registered, snapshot)) {
            require(registered, snapshot);
            return registered;
        }
        KnownModel own = models.get(key);
        KnownModel wanted = own == null ? new KnownModel(0, snapshot.getModelDigest()) : own.copy();
        for (Layer layer : snapshot.getLayers()) {
            wanted.add(layer.getName(), KnownLayer.of(layer));
        }
        ModelIdentity claim =
                claim(
                        snapshot.getModelId(),
                        snapshot.getModelVersion(),
                        wanted,
                        snapshot.getCaptureId(),
                        offset);
        KnownModel outcome = register.claim(List.of(claim)).get(0);
        if (outcome == null) {
            throw tooMany(wanted.layers().size());
        }
        require(outcome, snapshot);
        if (!hasAll(outcome, snapshot)) {
            throw tooMany(outcome.layers().size() + snapshot.getLayers().size());
        }
        return outcome;
    }

    /** Whether all layers are known, and of each the tap if the snapshot says one. */
    private static boolean hasAll(KnownModel known, ActivationSnapshot snapshot) {
        for (Layer layer : snapshot.getLayers()) {
            KnownLayer own = known.layers().get(layer.getName());
            if (own == null || !own.saysTapOf(layer.getTap())) {
                return false;
            }
        }
        return true;
    }

    private ModelIdentity claim(
            String model, String version, KnownModel known, String captureId, long offset) {
        List<LayerIdentity> layers = new ArrayList<>();
        known.layers()
                .forEach(
                        (name, layer) ->
                                layers.add(
                                        new LayerIdentity(
                                                name,
                                                layer.index(),
                                                layer.role(),
                                                layer.columns(),
                                                layer.tap())));
        return new ModelIdentity(model, version, known.digest(), layers, captureId, shard, offset);
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
                known.columns(),
                known.tap());
    }

    private static String key(ActivationSnapshot snapshot) {
        return Topics.key(snapshot.getModelId(), snapshot.getModelVersion());
    }

    private Refused tooMany(int layers) {
        return new Refused(
                RejectionReason.INVALID_FIELD,
                "a model version may have "
                        + maxLayers
                        + " layers, found "
                        + layers
                        + " (setting "
                        + IngestConfig.LAYERS
                        + ")");
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
                        + found);
    }
}
