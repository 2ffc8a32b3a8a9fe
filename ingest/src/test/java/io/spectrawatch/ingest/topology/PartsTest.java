package io.spectrawatch.ingest.topology;

import static io.spectrawatch.ingest.topology.Snapshots.part;
import static io.spectrawatch.ingest.topology.Snapshots.parts;
import static io.spectrawatch.ingest.topology.Snapshots.sample;
import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of several parts on their way through a shard. */
class PartsTest {

    private static final long SECOND = 1_000_000;
    private static final long PANE = 60 * SECOND;
    private static final long LATENESS = 10 * SECOND;

    @TempDir private Path folder;
    private ShardHarness shard;
    private long sequence;

    @BeforeEach
    void open() {
        shard = new ShardHarness(IngestConfig.fromMap(Map.of()), folder);
    }

    @Test
    void partsInOrderAreAcceptedOverSnapshotsAndRestarts() {
        take(part("a", 0, false), part("a", 1, false));
        take(part("b", 0, false));
        shard.restart();
        take(part("a", 2, false), part("b", 1, true));
        take(part("a", 3, true).setRows(List.of()), part("c", 0, true));

        assertEquals(List.of(), refused());
        assertEquals(0, total("part_gaps") + total("samples_over_panes"));
    }

    @Test
    void aPartThatRepeatsOrGoesBackwardsIsRefusedAsAWhole() {
        take(part("a", 4, false));
        take(part("a", 4, true), part("b", 0, false));
        take(part("a", 3, false));
        take(part("b", 0, false), part("a", 0, true));
        shard.restart();
        take(part("a", 4, false));

        assertEquals(List.of("PART_ORDER"), refused());
        assertEquals(4, rejected());
        assertTrue(
                message()
                        .startsWith(
                                "part of sample 'a' of captureId 'host-1' must be more than that"
                                        + " before, 4, found 4;"),
                message());
        take(part("b", 0, false));
        assertEquals(4, rejected(), "a refused snapshot leaves no trace");
    }

    @Test
    void nothingFollowsTheLastPart() {
        take(part("a", 0, false));
        take(part("a", 1, true));
        take(part("a", 2, true));

        assertTrue(message().contains("must not follow the last, which was 1, found 2"), message());
        take(part("a", 0, true));
        assertEquals(2, rejected(), "nor does a whole sample of the same id");
        take(part("a", 2, true), "another");
        assertEquals(2, rejected(), "a sample is of its captureId");
    }

    @Test
    void aGapIsAcceptedAndCounted() {
        take(part("a", 0, false));
        take(part("a", 2, false));
        take(part("a", 9, false), part("a", 10, true));
        take(part("b", 1, true));
        take(part("c", 0, false));

        assertEquals(List.of(), refused());
        assertEquals(3, total("part_gaps"), "before 2, before 9, and the beginning of b");
        take(part("b", 1, true));
        assertEquals(1, rejected(), "what is missing is known from then on");
    }

    @Test
    void aSampleOverTwoPanesIsAcceptedAndCountedOnce() {
        long end = PANE + LATENESS - SECOND;
        takeAt(PANE - 1, end, part("a", 0, false), part("b", 0, false));
        takeAt(PANE - 1, end, part("a", 1, false));
        assertEquals(0, total("samples_over_panes"));
        takeAt(PANE, end, part("a", 2, false));
        shard.restart();
        takeAt(PANE, end, part("a", 3, false), part("c", 0, false));
        takeAt(PANE - 1, end, part("a", 4, true), part("b", 1, true));

        assertEquals(List.of(), refused());
        assertEquals(1, total("samples_over_panes"));
        assertEquals(0, total("part_gaps"));
    }

    @Test
    void samplesAreForgottenWhenThePaneOfTheirFirstPartCloses() {
        takeAt(0, SECOND, part("a", 0, false), part("b", 0, true));
        takeAt(PANE, PANE + SECOND, part("a", 1, false), part("c", 0, false));
        assertEquals(2.0, remembered(), "b was whole");
        shard.restart();
        takeAt(PANE, PANE + LATENESS, part("c", 1, false));
        assertEquals(1.0, remembered());

        takeAt(PANE, PANE + LATENESS, part("a", 1, true));
        assertEquals(List.of(), refused());
        assertEquals(1, total("part_gaps"), "its beginning is not remembered");
        takeAt(PANE, PANE + LATENESS, part("c", 1, false));
        assertEquals(1, rejected());
    }

    /** It counts in the oldest open pane, and so does what follows. */
    @Test
    void theFirstPartOfALateSnapshotBelongsToThePaneInWhichItCounts() {
        takeAt(PANE, PANE + LATENESS, part("x", 0, true));
        takeAt(PANE - 1, PANE + LATENESS, part("a", 0, false));
        takeAt(PANE, 2 * PANE + LATENESS - SECOND, part("a", 1, false));

        assertEquals(0, total("samples_over_panes") + total("part_gaps"));
        takeAt(2 * PANE, 2 * PANE + LATENESS - SECOND, part("a", 1, false));
        assertEquals(1, rejected());
    }

    @Test
    void ofMoreThanAreRememberedTheOldestIsForgotten() {
        shard.restart(IngestConfig.fromMap(Map.of("limit.open.samples", "2")));
        take(part("a", 0, false), part("b", 0, false));
        take(part("a", 1, false));
        take(part("c", 0, false));
        assertEquals(1, total("open_samples_evicted"), "a, of which the first part came first");
        shard.restart();
        take(part("b", 1, false));
        assertEquals(0, total("part_gaps"));
        take(part("a", 2, false));

        assertEquals(1, total("part_gaps"));
        assertEquals(2, total("open_samples_evicted"));
        shard.restart(IngestConfig.fromMap(Map.of("limit.open.samples", "1")));
        take(part("c", 0, false), part("a", 3, false));
        assertEquals(List.of(), refused(), "a lower limit forgets at the start");
    }

    @Test
    void whatIsRefusedForAnotherReasonIsNotRemembered() {
        take(part("x", 0, true));
        send(parts(sequence++, part("a", 0, false).build()).setModelDigest("f".repeat(64)), SECOND);
        send(parts(0, part("a", 0, false).build()), SECOND);
        assertEquals(List.of("CATALOGUE_CONFLICT", "DUPLICATE"), refused());

        take(part("a", 0, true));
        assertEquals(2, rejected());
    }

    /** A record that is sent again is a duplicate, whatever parts it has. */
    @Test
    void aSnapshotThatIsSentAgainIsADuplicate() {
        send(parts(0, part("a", 0, false).build()), SECOND);
        send(parts(0, part("a", 0, false).build()), SECOND);

        assertEquals(List.of("DUPLICATE"), refused());
    }

    /** Ids that begin anew in each snapshot were never compared over snapshots. */
    @Test
    void recordsOfTheFirstVersionAreTakenAsBefore() {
        for (int i = 0; i < 4; i++) {
            byte[] record = Snapshots.firstVersion(valid().setSequence(i));
            shard.send(utf8(Snapshots.CAPTURE), record, SECOND);
        }
        shard.send(
                utf8(Snapshots.CAPTURE),
                Snapshots.firstVersion(
                        valid().setSequence(4).setSamples(List.of(sample("a"), sample("a")))),
                SECOND);

        assertEquals(List.of("INVALID_FIELD"), refused());
        assertEquals(0.0, remembered());
    }

    private void take(Sample.Builder... samples) {
        takeAt(0, SECOND, samples);
    }

    private void take(Sample.Builder sample, String captureId) {
        send(parts(sequence++, sample.build()).setCaptureId(captureId), SECOND);
    }

    private void takeAt(long capturedAt, long appendedAt, Sample.Builder... samples) {
        Sample[] built = new Sample[samples.length];
        for (int i = 0; i < built.length; i++) {
            built[i] = samples[i].build();
        }
        send(parts(sequence++, built).setCapturedAt(capturedAt), appendedAt);
    }

    private void send(ActivationSnapshot.Builder snapshot, long appendedAt) {
        shard.send(snapshot, appendedAt);
    }

    private int rejected() {
        return (int)
                        (double)
                                shard.registry.getSampleValue(
                                        "spectrawatch_ingest_rejected_total",
                                        new String[] {"reason"},
                                        new String[] {"PART_ORDER"})
                + refused().stream().filter(reason -> !reason.equals("PART_ORDER")).toList().size();
    }

    /** Reasons since the last start. */
    private List<String> refused() {
        return shard.written(ShardProcessor.REJECTED_SINK).stream()
                .map(letter -> header(letter, DeadLetter.REASON))
                .toList();
    }

    private String message() {
        return header(shard.written(ShardProcessor.REJECTED_SINK).get(0), DeadLetter.MESSAGE);
    }

    private static String header(Record<ShardKey, byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private double total(String what) {
        return shard.registry.getSampleValue("spectrawatch_ingest_" + what + "_total");
    }

    private double remembered() {
        return shard.registry.getSampleValue(
                "spectrawatch_ingest_open_samples",
                new String[] {"shard"},
                new String[] {Integer.toString(ShardHarness.SHARD)});
    }
}
