package io.spectrawatch.ingest.model;

import io.spectrawatch.ingest.check.SnapshotValidator;
import io.spectrawatch.ingest.model.KnownModel.KnownLayer;
import io.spectrawatch.schemas.LayerIdentity;
import io.spectrawatch.schemas.ModelIdentity;
import io.spectrawatch.schemas.Topics;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model versions as the claims of the common log define them, a function of that log alone.
 *
 * <p>A claim counts as a whole or not at all: it counts if its version is new, or if it has the
 * version's digest and gives no known layer another role, other columns or another tap; layers that
 * are new are added, and taps that no claim has said before. A claim of layers that no snapshot can
 * have does not count: shards remember what it says of their layers. Of more versions than are
 * remembered the one whose last counting claim is oldest is forgotten.
 *
 * <p>One thread takes claims; any may look.
 */
public final class ClaimedModels {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimedModels.class);

    private final int maxModels;
    private final int maxLayers;

    /** Never changed once they are here: a version that grows is replaced. */
    private final Map<String, KnownModel> models = new ConcurrentHashMap<>();

    /** By ascending offset of the last claim that counted. */
    private final Map<String, Boolean> order = new LinkedHashMap<>();

    public ClaimedModels(int maxModels, int maxLayers) {
        this.maxModels = maxModels;
        this.maxLayers = maxLayers;
    }

    public static String key(ModelIdentity claim) {
        return Topics.key(claim.getModelId(), claim.getModelVersion());
    }

    public KnownModel find(String key) {
        return models.get(key);
    }

    /** Takes the next claim of the log. */
    public void take(ModelIdentity claim, long offset) {
        String key = key(claim);
        if (!isPossible(claim)) {
            LOG.error(
                    "identities: the claim at offset {} does not count: a layer must have an index"
                            + " from 0, columns from 1 and a tap of at most "
                            + SnapshotValidator.MAX_TAP
                            + " characters, if any",
                    offset);
            return;
        }
        KnownModel before = models.get(key);
        KnownModel after =
                before == null ? new KnownModel(offset, claim.getModelDigest()) : before.copy();
        if (!after.digest().equals(claim.getModelDigest())) {
            return;
        }
        for (LayerIdentity layer : claim.getLayers()) {
            KnownLayer claimed = KnownLayer.of(layer);
            if (!after.add(layer.getName(), claimed).agrees(claimed)) {
                return;
            }
        }
        if (after.layers().size() <= maxLayers) {
            models.put(key, after);
            order.remove(key);
            order.put(key, true);
            forgetEldest();
        }
    }

    private static boolean isPossible(ModelIdentity claim) {
        return claim.getLayers().stream()
                .allMatch(
                        layer ->
                                layer.getIndex() >= 0
                                        && layer.getColumns() > 0
                                        && isPossible(layer.getTap()));
    }

    private static boolean isPossible(String tap) {
        return tap == null || !tap.isBlank() && tap.length() <= SnapshotValidator.MAX_TAP;
    }

    private void forgetEldest() {
        Iterator<String> eldest = order.keySet().iterator();
        while (order.size() > maxModels) {
            models.remove(eldest.next());
            eldest.remove();
        }
    }
}
