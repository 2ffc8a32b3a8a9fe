package io.spectrawatch.ingest.topology;

import static io.spectrawatch.ingest.topology.Snapshots.pooled;
import static io.spectrawatch.ingest.topology.Snapshots.tokens;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerCatalogueEntry;
import io.spectrawatch.schemas.LayerIdentity;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.ModelIdentity;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards that share a register agree about what a model version is. */
class IdentityTest {

    private static final long SECOND = 1_000_000;
    private static final String OTHER = "f".repeat(64);

    @TempDir private Path folder;

    private final IngestConfig config = IngestConfig.fromMap(Map.of());
    private final FakeRegister register = new FakeRegister(100, config.layers());
    private ShardHarness one;
    private ShardHarness two;

    @BeforeEach
    void open() {
        one = new ShardHarness(config, folder, register);
        two = new ShardHarness(config, folder, register);
    }

    @Test
    void theFirstOfTwoModelsUnderOneVersionCountsOnAllShards() {
        one.send(next(0), SECOND);
        two.send(next(0).setModelDigest(OTHER), SECOND);
        two.send(next(1), SECOND);

        assertEquals(1, accepted(one));
        assertEquals(1, accepted(two));
        String message = onlyConflict(two);
        assertTrue(message.contains("has digest " + Snapshots.DIGEST), message);
        assertTrue(message.contains("found " + OTHER), message);
    }

    /** The other shard's claim is in the log, but this instance has not read it yet. */
    @Test
    void whoIsSecondInTheLogLosesEvenIfItAskedAtTheSameTime() {
        register.ahead.add(identity(OTHER, "tokens", "HIDDEN", 2));

        one.send(next(0), SECOND);
        one.send(next(0).setModelDigest(OTHER), SECOND);

        assertEquals(1, accepted(one));
        onlyConflict(one);
        assertEquals(3, register.log.size(), "one for the layer that the other did not name");
    }

    @Test
    void widthsAndRolesBelongToTheVersionOnAllShards() {
        one.send(next(0), SECOND);

        two.send(next(0).setLayers(List.of(tokens().setRole(LayerRole.LOGITS).build())), SECOND);
        String message = onlyConflict(two);

        assertTrue(message.contains("layer 'tokens' has role HIDDEN, found LOGITS"), message);
        assertEquals(0, accepted(two));
    }

    /** Null says nothing; what is said first counts, also where the layer was known before. */
    @Test
    void theFirstTapThatIsSaidCountsOnAllShards() {
        one.send(next(0), SECOND);
        two.send(next(0).setLayers(List.of(tapped("residual-pre-norm"))), SECOND);
        one.send(next(1), SECOND);
        assertEquals("residual-pre-norm", lastEntry(one).getTap(), "also where it is not said");
        one.send(next(2).setLayers(List.of(tapped("residual-pre-norm"))), SECOND);
        assertEquals(4, accepted(one) + accepted(two));
        assertEquals(2, register.log.size());

        one.send(next(3).setLayers(List.of(tapped("mlp-output"))), SECOND);

        String message = onlyConflict(one);
        assertTrue(
                message.contains("layer 'tokens' has tap 'residual-pre-norm', found 'mlp-output'"),
                message);
        assertEquals(4, accepted(one) + accepted(two));
        one.restart();
        one.send(next(4).setLayers(List.of(tapped("mlp-output"))), SECOND);
        onlyConflict(one);
        assertEquals(2, register.log.size(), "what is known is claimed once");
    }

    @Test
    void whoSaysATapSecondInTheLogLosesEvenIfItAskedAtTheSameTime() {
        one.send(next(0), SECOND);
        register.ahead.add(
                identity(
                        Snapshots.DIGEST,
                        new LayerIdentity("tokens", 0, "HIDDEN", 2, "mlp-output")));

        one.send(next(1).setLayers(List.of(tapped("residual-pre-norm"))), SECOND);

        assertTrue(onlyConflict(one).contains("has tap 'mlp-output'"));
    }

    /** A register that has forgotten hears of the tap again. */
    @Test
    void aShardClaimsTheTapThatItAcceptedBefore() {
        one.send(next(0).setLayers(List.of(tapped("mlp-output"))), SECOND);
        FakeRegister untapped = new FakeRegister(100, config.layers());
        untapped.ahead.add(identity(Snapshots.DIGEST, "tokens", "HIDDEN", 2));
        untapped.refresh();

        one.moveTo(untapped);

        assertEquals("mlp-output", untapped.log.get(1).getLayers().get(0).getTap());
    }

    private static Layer tapped(String tap) {
        return tokens().setTap(tap).build();
    }

    private static LayerCatalogueEntry lastEntry(ShardHarness shard) {
        List<Record<ShardKey, byte[]>> entries = shard.written(ShardProcessor.LAYERS_SINK);
        return Wire.decode(entries.get(entries.size() - 1).value(), LayerCatalogueEntry.class);
    }

    @Test
    void aSubsetOfTheLayersAndAnotherPlaceAreTheSameModel() {
        one.send(next(0), SECOND);
        two.send(next(0).setLayers(List.of(pooled().setIndex(0).build())), SECOND);
        two.send(next(1).setLayers(List.of(tokens().setIndex(7).build())), SECOND);

        assertEquals(2, accepted(two));
        LayerCatalogueEntry entry =
                Wire.decode(
                        two.written(ShardProcessor.LAYERS_SINK).get(0).value(),
                        LayerCatalogueEntry.class);
        assertEquals(1, entry.getIndex(), "the place of the first claim");
    }

    @Test
    void aSnapshotThatIsRefusedOtherwiseClaimsNothing() {
        one.send(next(0).setCapturedAt(3600 * SECOND), SECOND);

        assertEquals(List.of(), register.log);
    }

    @Test
    void whatIsKnownIsClaimedOnce() {
        for (int i = 0; i < 5; i++) {
            one.send(next(i), SECOND);
            two.send(next(i), SECOND);
        }
        one.restart();
        one.send(next(5), SECOND);

        assertEquals(1, register.log.size());
    }

    /** State of a release without a register, or a register that has forgotten. */
    @Test
    void aShardClaimsWhatItAcceptedBefore() {
        one.send(next(0), SECOND);
        FakeRegister empty = new FakeRegister(100, config.layers());

        ShardHarness again = one.moveTo(empty);
        assertEquals(1, empty.log.size());
        ShardHarness third = new ShardHarness(config, folder, empty);
        third.send(next(0).setModelDigest(OTHER), SECOND);

        onlyConflict(third);
        again.send(next(1), SECOND);
        assertEquals(2, accepted(again));
    }

    @Test
    void aShardGivesUpWhatAnotherOneClaimedBefore() {
        one.send(next(0), SECOND);
        FakeRegister settled = new FakeRegister(100, config.layers());
        settled.ahead.add(identity(OTHER, "tokens", "HIDDEN", 2));

        ShardHarness again = one.moveTo(settled);
        again.send(next(1), SECOND);
        again.send(next(2).setModelDigest(OTHER), SECOND);

        onlyConflict(again);
        assertEquals(2, accepted(again));
    }

    private static ModelIdentity identity(String digest, String layer, String role, int columns) {
        return identity(digest, new LayerIdentity(layer, 0, role, columns, null));
    }

    private static ModelIdentity identity(String digest, LayerIdentity layer) {
        return new ModelIdentity("m", "1", digest, List.of(layer), "c", 9, 0L);
    }

    private static ActivationSnapshot.Builder next(long sequence) {
        return valid().setSequence(sequence);
    }

    private static double accepted(ShardHarness shard) {
        Double found =
                shard.registry.getSampleValue(
                        "spectrawatch_ingest_snapshots_total",
                        new String[] {"model", "version"},
                        new String[] {"m", "1"});
        return found == null ? 0 : found;
    }

    private static String onlyConflict(ShardHarness shard) {
        List<Record<ShardKey, byte[]>> letters = shard.written(ShardProcessor.REJECTED_SINK);
        assertEquals(1, letters.size());
        assertEquals("CATALOGUE_CONFLICT", header(letters.get(0), DeadLetter.REASON));
        return header(letters.get(0), DeadLetter.MESSAGE);
    }

    private static String header(Record<ShardKey, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
