package io.spectrawatch.ingest.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.ingest.model.KnownModel.KnownLayer;
import io.spectrawatch.schemas.LayerIdentity;
import io.spectrawatch.schemas.ModelIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimedModelsTest {

    private final ClaimedModels models = new ClaimedModels(2, 3);
    private long offset;

    @Test
    void theFirstClaimOfAVersionCounts() {
        take("1", "right", layer("a", 2));
        take("1", "wrong", layer("a", 2));

        assertEquals("right", models.find("m/1").digest());
    }

    @Test
    void furtherLayersAreAddedAndAContradictionVoidsAllOfAClaim() {
        take("1", "d", layer("a", 2));
        take("1", "d", layer("b", 3));
        take("1", "d", layer("c", 4), layer("a", 5));
        take("1", "d", layer("c", 4), new LayerIdentity("b", 0, "LOGITS", 3, null));

        assertEquals(
                Map.of(
                        "a",
                        new KnownLayer(0, "HIDDEN", 2, null),
                        "b",
                        new KnownLayer(0, "HIDDEN", 3, null)),
                models.find("m/1").layers());
    }

    @Test
    void theFirstPlaceOfALayerStays() {
        take("1", "d", new LayerIdentity("a", 4, "HIDDEN", 2, null));
        take("1", "d", new LayerIdentity("a", 0, "HIDDEN", 2, null), layer("b", 1));

        assertEquals(4, models.find("m/1").layers().get("a").index());
        assertNotNull(models.find("m/1").layers().get("b"));
    }

    /** Null says nothing and conflicts with nothing. */
    @Test
    void theFirstTapThatIsSaidOfALayerCounts() {
        take("1", "d", layer("a", 2), layer("b", 2));
        take("1", "d", tapped("a", "residual-pre-norm"));
        take("1", "d", layer("a", 2), tapped("b", "mlp-output"));
        take("1", "d", tapped("a", "residual-post-norm"), layer("c", 2));

        KnownModel known = models.find("m/1");
        assertEquals("residual-pre-norm", known.layers().get("a").tap());
        assertEquals("mlp-output", known.layers().get("b").tap());
        assertNull(known.layers().get("c"), "a contradiction voids all of a claim");
    }

    @Test
    void aClaimOfATapThatNoSnapshotHasDoesNotCount() {
        take("1", "d", tapped("a", "t".repeat(65)));
        take("2", "d", tapped("a", ""));

        assertNull(models.find("m/1"));
        assertNull(models.find("m/2"));
    }

    private static LayerIdentity tapped(String name, String tap) {
        return new LayerIdentity(name, 0, "HIDDEN", 2, tap);
    }

    @Test
    void aClaimThatExceedsTheLayersIsVoid() {
        take("1", "d", layer("a", 2), layer("b", 2));
        take("1", "d", layer("c", 2), layer("d", 2));
        assertEquals(2, models.find("m/1").layers().size());

        take("2", "d", layer("a", 2), layer("b", 2), layer("c", 2), layer("d", 2));
        assertNull(models.find("m/2"));
    }

    /** A shard would remember it, and could not read its state at the next start. */
    @Test
    void aClaimOfLayersThatNoSnapshotHasDoesNotCount() {
        take("1", "d", layer("a", 2), new LayerIdentity("b", -7, "HIDDEN", 2, null));
        take("2", "d", layer("a", 0));
        take("3", "d", layer("a", -3));

        for (String key : List.of("m/1", "m/2", "m/3")) {
            assertNull(models.find(key));
        }
        take("1", "d", layer("a", 2), layer("b", 2));
        KnownModel known = models.find("m/1");
        assertEquals(known.layers(), KnownModel.fromBytes(known.toBytes()).layers());
    }

    @Test
    void theVersionWhoseLastCountingClaimIsOldestIsForgotten() {
        take("1", "d", layer("a", 2));
        take("2", "d", layer("a", 2));
        take("1", "d", layer("a", 2));
        take("2", "other", layer("a", 2));
        take("3", "d", layer("a", 2));

        assertNotNull(models.find("m/1"));
        assertNull(models.find("m/2"), "a claim that does not count is no sign of life");
        assertNotNull(models.find("m/3"));
    }

    private void take(String version, String digest, LayerIdentity... layers) {
        models.take(
                new ModelIdentity("m", version, digest, List.of(layers), "c", 0, offset), offset);
        offset++;
    }

    private static LayerIdentity layer(String name, int columns) {
        return new LayerIdentity(name, 0, "HIDDEN", columns, null);
    }
}
