package io.spectrawatch.ingest.topology;

import static io.spectrawatch.ingest.topology.Snapshots.floats;
import static io.spectrawatch.ingest.topology.Snapshots.pooled;
import static io.spectrawatch.ingest.topology.Snapshots.tokens;
import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.model.StateTest;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.LayerCatalogueEntry;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardProcessorTest {

    private static final long SECOND = 1_000_000;
    private static final long PANE = 60 * SECOND;
    private static final long LATENESS = 10 * SECOND;

    @TempDir private Path folder;
    private ShardHarness shard;

    @BeforeEach
    void open() {
        shard = new ShardHarness(config(Map.of()), folder);
    }

    @Test
    void aTickComesBeforeTheFirstSnapshotAndTellsThePaneLength() {
        shard.send(valid(), 5 * SECOND);

        List<SpecificRecord> log = shard.log();
        assertEquals(
                new Tick(0L, PANE, LATENESS, ShardHarness.SHARD, ShardHarness.SHARDS, 0L, 0L, 0L),
                log.get(0));
        assertInstanceOf(ActivationSnapshot.class, log.get(1));
        assertEquals(5 * SECOND, ((Tick) log.get(2)).getTime(), "the append time has gone on");
        assertEquals(3, log.size());
    }

    @Test
    void acceptedBytesStayAsTheyWereInTheirPartition() {
        byte[] value = Snapshots.bytes(valid());

        shard.send(utf8(Snapshots.CAPTURE), value, SECOND);

        Record<ShardKey, byte[]> written = shard.written(ShardProcessor.VALIDATED_SINK).get(1);
        assertArrayEquals(value, written.value());
        assertArrayEquals(utf8(Snapshots.CAPTURE), written.key().bytes());
        assertEquals(ShardHarness.SHARD, written.key().shard());
        assertEquals(
                Set.of(ShardHarness.SHARD),
                ShardKey.partitioner()
                        .partitions("validated", written.key(), value, ShardHarness.SHARDS)
                        .orElseThrow());
    }

    @Test
    void aSnapshotHasItsDigestBesideItAndATickHasNot() throws Exception {
        byte[] value = Snapshots.bytes(valid());

        shard.send(utf8(Snapshots.CAPTURE), value, SECOND);

        List<Record<ShardKey, byte[]>> log = shard.written(ShardProcessor.VALIDATED_SINK);
        assertNull(log.get(0).headers().lastHeader(ValueDigest.HEADER));
        assertArrayEquals(
                MessageDigest.getInstance("SHA-256").digest(value),
                log.get(1).headers().lastHeader("spectrawatch.sha256").value());
    }

    @Test
    void aLogOfVerdictsSaysWhereASnapshotStandsAndWhatACopyWouldHold() {
        shard.restart(config(Map.of(IngestConfig.LOG_FORM, "verdicts")));
        byte[] first = Snapshots.bytes(next(0, PANE + SECOND));
        shard.send(utf8(Snapshots.CAPTURE), new byte[] {1}, PANE + LATENESS);
        shard.send(utf8(Snapshots.CAPTURE), first, PANE + LATENESS);
        byte[] late = Snapshots.bytes(next(1, PANE - 1));
        shard.send(utf8(Snapshots.CAPTURE), late, PANE + LATENESS);

        List<Record<ShardKey, byte[]>> log = shard.written(ShardProcessor.VALIDATED_SINK);
        log.removeIf(record -> Wire.decode(record.value()) instanceof Tick);
        byte[] copyOfLate = Wire.encode(new LateSnapshot(PANE, ByteBuffer.wrap(late)));
        assertEquals(
                List.of(
                        new AcceptedSnapshot(
                                ShardHarness.SHARD,
                                1L,
                                null,
                                ByteBuffer.wrap(ValueDigest.of(first))),
                        new AcceptedSnapshot(
                                ShardHarness.SHARD,
                                2L,
                                PANE,
                                ByteBuffer.wrap(ValueDigest.of(copyOfLate)))),
                log.stream().map(record -> Wire.decode(record.value())).toList());
        assertArrayEquals(utf8(Snapshots.CAPTURE), log.get(0).key().bytes());
        assertNull(log.get(0).headers().lastHeader(ValueDigest.HEADER));
        assertEquals(1, rejected("UNDECODABLE"));
    }

    @Test
    void aRefusedRecordKeepsItsBytesAndTellsWhy() {
        byte[] key = {1, 2};
        byte[] value = {9, 9, 9};
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", utf8("t1"));
        shard.send(valid(), SECOND);

        shard.send(key, value, 2 * SECOND, headers);

        Record<ShardKey, byte[]> letter = shard.written(ShardProcessor.REJECTED_SINK).get(0);
        assertArrayEquals(key, letter.key().bytes());
        assertEquals(ShardHarness.SHARD, letter.key().shard());
        assertArrayEquals(value, letter.value());
        assertEquals(2 * SECOND / 1000, letter.timestamp());
        assertEquals("t1", header(letter, "trace"));
        assertEquals("UNDECODABLE", header(letter, "spectrawatch.reason"));
        assertTrue(header(letter, "spectrawatch.message").contains("C3 01"));
        assertEquals(ShardHarness.TOPIC, header(letter, "__streams.errors.topic"));
        assertEquals("3", header(letter, "__streams.errors.partition"));
        assertEquals("1", header(letter, "__streams.errors.offset"));
        assertNull(header(letter, "spectrawatch.cut"));
    }

    @Test
    void keylessAndEmptyRecordsAreLettersToo() {
        shard.send(null, null, SECOND);

        Record<ShardKey, byte[]> letter = shard.written(ShardProcessor.REJECTED_SINK).get(0);
        assertNull(letter.key().bytes());
        assertNull(letter.value());
        assertEquals("NO_KEY", header(letter, "spectrawatch.reason"));
        assertEquals(1, rejected("NO_KEY"));
    }

    @Test
    void ticksFollowTheAppendTimeByTheInterval() {
        shard.send(next(0, 0), SECOND);
        shard.forget();
        shard.send(next(1, 0), SECOND + 400_000);
        shard.send(next(2, 0), SECOND + 999_000);
        assertEquals(2, shard.log().size());
        shard.send(next(3, 0), 2 * SECOND);

        assertEquals(2 * SECOND, shard.lastTick().getTime());
        assertEquals(2, shard.lastTick().getSequence());
    }

    @Test
    void anIdleShardTicksWithTheClockOnceItHasCaughtUp() {
        shard.punctuateAt(100 * SECOND);
        assertEquals(0, shard.lastTick().getTime(), "nothing is proven yet");
        shard.endHere();
        shard.restart();

        shard.punctuateAt(101 * SECOND);
        shard.punctuateAt(102 * SECOND);
        assertEquals(101 * SECOND, shard.lastTick().getTime());
        shard.punctuateAt(103 * SECOND);

        assertEquals(102 * SECOND, shard.lastTick().getTime());
        assertEquals(3, shard.lastTick().getSequence());
    }

    @Test
    void aShardWithUnreadRecordsDoesNotFollowTheClock() {
        shard.endWith(2, 2);
        shard.send(next(0, 0), SECOND);
        shard.punctuateAt(100 * SECOND);
        shard.punctuateAt(101 * SECOND);

        assertEquals(SECOND, shard.lastTick().getTime());
    }

    /**
     * A client opens a transaction, another one sends behind it, the transaction is committed 36 s
     * later: both were appended in time.
     */
    @Test
    void anOpenTransactionMakesNobodysRecordsLate() {
        shard.send(next(0, SECOND), SECOND);
        shard.endWith(1, 3);
        for (int second = 2; second <= 37; second++) {
            shard.punctuateAt(PANE + second * SECOND);
        }
        assertEquals(SECOND, shard.lastTick().getTime(), "the transaction holds the clock");
        assertEquals(35.0, held(), "from the first answer to the last question");
        assertEquals(1, total("hanging_transactions"));

        shard.send(next(0, SECOND).setCaptureId("transactional"), PANE + 2 * SECOND);
        shard.send(next(1, SECOND), PANE + 3 * SECOND);
        shard.skip(1);
        shard.endHere();
        shard.punctuateAt(PANE + 38 * SECOND);
        shard.punctuateAt(PANE + 39 * SECOND);
        shard.punctuateAt(PANE + 40 * SECOND);

        assertEquals(3, accepted());
        assertEquals(0, rejected("LATE") + total("late"));
        assertEquals(PANE + 39 * SECOND, shard.lastTick().getTime(), "the marker was passed over");
        assertEquals(0.0, held());
    }

    /** Our own pause: the clock runs on, the broker answers, and nothing has been read yet. */
    @Test
    void aPauseOfIngestMakesNoRecordLate() {
        shard.send(next(0, 0), SECOND);
        shard.endHere();
        shard.punctuateAt(2 * SECOND);
        shard.endWith(60, 60);
        for (int second = 0; second < 30; second++) {
            shard.punctuateAt(2 * PANE + second * SECOND);
        }
        for (int i = 1; i < 60; i++) {
            shard.send(next(i, i * SECOND), (i + 1) * SECOND);
        }

        assertEquals(0, rejected("LATE") + total("late"));
        assertEquals(60, accepted());
    }

    @Test
    void aSnapshotOfAClosedPaneCountsInTheOldestOpenOne() {
        shard.send(next(0, PANE + SECOND), PANE + 9 * SECOND);
        shard.send(next(1, PANE - 1), PANE + 9 * SECOND);
        assertEquals(0, total("late"), "the pane closes at its end plus lateness");
        shard.send(next(2, PANE + SECOND), PANE + LATENESS);
        shard.forget();

        shard.send(next(3, PANE - 1), PANE + LATENESS);
        shard.send(next(4, PANE), PANE + LATENESS);

        byte[] sent = Snapshots.bytes(next(3, PANE - 1));
        Record<ShardKey, byte[]> late = shard.written(ShardProcessor.VALIDATED_SINK).get(0);
        assertEquals(new LateSnapshot(PANE, ByteBuffer.wrap(sent)), Wire.decode(late.value()));
        assertArrayEquals(utf8(Snapshots.CAPTURE), late.key().bytes());
        assertArrayEquals(
                ValueDigest.of(late.value()),
                late.headers().lastHeader(ValueDigest.HEADER).value());
        assertInstanceOf(ActivationSnapshot.class, shard.log().get(1));
        assertEquals(1, total("late"));
        assertEquals(0, rejected("LATE"));
        assertEquals(5, accepted());
    }

    @Test
    void aSnapshotIsRefusedAsLateBeyondAnAge() {
        shard.restart(config(Map.of("max.late.age.ms", "75000")));
        shard.send(next(0, 2 * PANE), 2 * PANE + LATENESS);

        shard.send(next(1, PANE + 55 * SECOND), 2 * PANE + LATENESS);
        shard.send(next(2, PANE - 5 * SECOND), 2 * PANE + LATENESS);
        shard.send(next(3, PANE - 5 * SECOND - 1), 2 * PANE + LATENESS);

        assertEquals(2, total("late"));
        assertEquals(1, rejected("LATE"));
    }

    /** However a shard is behind: what was appended late decides, not when it was read. */
    @Test
    void whatAClientBufferedDuringAnOutageIsTaken() {
        shard.send(next(0, 0), SECOND);
        for (int i = 1; i <= 324; i++) {
            shard.send(next(i, i * SECOND / 10), 5 * PANE + i * 1000L);
        }
        shard.send(next(325, 5 * PANE), 5 * PANE + SECOND);

        assertEquals(326, accepted());
        assertEquals(0, rejected("LATE"));
        assertEquals(0, perModel("gaps"));
    }

    @Test
    void aSnapshotAppendedInTimeIsNotLateHoweverFarTheClockIs() {
        shard.clock.now = 1000 * PANE;
        shard.send(next(0, 0), PANE + LATENESS - 1000);

        assertEquals(1, accepted());
    }

    @Test
    void aSnapshotOfTheFutureIsRefused() {
        shard.send(next(0, 31 * SECOND), SECOND);
        assertEquals(1, accepted());
        shard.send(next(1, 31 * SECOND + 1), SECOND);
        shard.send(next(2, Long.MAX_VALUE), SECOND);

        assertEquals(2, rejected("FUTURE"));
        assertEquals(1, accepted());
    }

    @Test
    void duplicatesAreRefusedAndDisorderIsNot() {
        for (int sequence : new int[] {0, 2, 1, 2, 0, 5}) {
            shard.send(next(sequence, 0), SECOND);
        }

        assertEquals(2, rejected("DUPLICATE"));
        assertEquals(4, accepted());
        assertEquals(3, perModel("gaps"), "1, then 3 and 4");
    }

    @Test
    void refusedSnapshotsAreNoGaps() {
        shard.send(next(0, 0), SECOND);
        for (int i = 1; i <= 2000; i++) {
            shard.send(next(i, 0).setLayers(List.of(tokens().setData(nan()).build())), SECOND);
        }
        shard.restart();
        shard.send(next(2001, 0), SECOND);
        assertEquals(0, perModel("gaps"));

        shard.send(next(2004, 0).setModelDigest("f".repeat(64)), SECOND);
        shard.send(next(2006, 0), SECOND);
        assertEquals(3, perModel("gaps"), "2002, 2003 and 2005");
    }

    @Test
    void aJumpToTheLargestNumberIsNoGapAndLaterOnesAreCounted() {
        shard.send(next(0, 0), SECOND);
        shard.send(next(Long.MAX_VALUE, 0), SECOND);
        shard.send(next(0, 0).setCaptureId("another"), SECOND);
        shard.send(next(3, 0).setCaptureId("another"), SECOND);

        assertEquals(4, accepted());
        assertEquals(2, perModel("gaps"));
        assertEquals(1, total("sequence_jumps"));
    }

    /** They are the same by name; what an interface joins is decided within a snapshot. */
    @Test
    void holesAmongIndicesAndFewerLayersAreNoConflict() {
        shard.send(next(0, 0), SECOND);
        shard.send(next(1, 0).setLayers(List.of(pooled().setIndex(0).build())), SECOND);
        shard.send(
                next(2, 0).setLayers(List.of(tokens().build(), pooled().setIndex(5).build())),
                SECOND);

        assertEquals(3, accepted());
        assertEquals(0, rejected("CATALOGUE_CONFLICT"));
    }

    @Test
    void aRefusedSnapshotMayComeAgain() {
        shard.send(valid().setLayers(List.of(tokens().setData(nan()).build())), SECOND);
        shard.send(valid(), SECOND);

        assertEquals(1, rejected("NOT_FINITE"));
        assertEquals(1, accepted());
    }

    @Test
    void aChangedModelIsRefused() {
        shard.send(next(0, 0), SECOND);
        shard.send(next(1, 0).setModelDigest("f".repeat(64)), SECOND);
        shard.send(
                next(2, 0)
                        .setLayers(
                                List.of(tokens().setColumns(1).setData(floats(1, 2, 3)).build())),
                SECOND);
        assertEquals(2, rejected("CATALOGUE_CONFLICT"));

        shard.send(next(3, 0).setModelVersion("2").setModelDigest("f".repeat(64)), SECOND);
        assertEquals(2, accepted());
    }

    @Test
    void theCatalogueHearsOfALayerOnce() throws Exception {
        shard.send(next(0, 0).setLayers(List.of(tokens().build())), SECOND);
        shard.send(next(1, 0), SECOND);
        shard.send(next(2, 0).setLayers(List.of(pooled().setIndex(0).build())), SECOND);

        assertEquals(List.of("m/1/tokens", "m/1/pooled"), layerKeys());
        LayerCatalogueEntry entry =
                Wire.decode(
                        shard.written(ShardProcessor.LAYERS_SINK).get(1).value(),
                        LayerCatalogueEntry.class);
        assertEquals("EMBEDDING", entry.getRole());
        assertEquals(1, entry.getIndex());
        assertEquals(2, entry.getColumns());
    }

    @Test
    void decisionsSurviveARestart() {
        shard.send(next(0, PANE), PANE + LATENESS);
        shard.send(next(7, PANE), PANE + LATENESS);
        long ticks = shard.lastTick().getSequence();
        shard.restart();

        shard.send(next(1, PANE - 1), PANE + LATENESS);
        shard.send(next(7, PANE), PANE + LATENESS);
        shard.send(next(8, PANE).setModelDigest("f".repeat(64)), PANE + LATENESS);
        shard.send(next(6, PANE), PANE + LATENESS);

        assertEquals(1, total("late"));
        assertEquals(1, rejected("DUPLICATE"));
        assertEquals(1, rejected("CATALOGUE_CONFLICT"));
        Tick first = (Tick) shard.log().get(0);
        assertEquals(PANE + LATENESS, first.getTime());
        assertEquals(ticks + 1, first.getSequence());
        assertInstanceOf(LateSnapshot.class, shard.log().get(1));
        assertEquals(List.of(), layerKeys(), "the catalogue was known");
    }

    @Test
    void ticksCountWhatWasRefusedAndLateSinceTheOneBefore() {
        long end = PANE + LATENESS;
        shard.send(next(0, PANE), end);
        shard.send(next(1, PANE).setModelId(""), end + 1000);
        shard.send(next(0, PANE), end + 2000);
        shard.send(next(1, PANE - 1), end + 3000);
        shard.send(next(2, PANE), end + 10 * SECOND);
        shard.send(next(3, PANE).setModelId(""), end + 20 * SECOND);
        shard.punctuateAt(end + 30 * SECOND);
        shard.punctuateAt(end + 40 * SECOND);

        assertEquals(List.of(0L, 0L, 1L, 1L, 0L), counts(Tick::getRefused), "no duplicate");
        assertEquals(List.of(0L, 0L, 1L, 0L, 0L), counts(Tick::getLate));
        assertEquals(1, rejected("DUPLICATE"));
        assertEquals(2, shard.written(ShardProcessor.REJECTED_SINK).size() - 1);
    }

    @Test
    void whatNoTickHasToldIsInTheFirstAfterARestart() {
        long end = PANE + LATENESS;
        shard.send(next(0, PANE), end);
        shard.send(next(1, PANE - 1), end);
        shard.send(utf8("key"), utf8("nonsense"), end + 1000);
        shard.restart();
        shard.restart();
        shard.send(utf8("key"), utf8("nonsense"), end + 2000);
        assertEquals(List.of(1L), counts(Tick::getRefused), "the first");
        assertEquals(List.of(1L), counts(Tick::getLate));
        shard.restart();
        shard.punctuateAt(end + SECOND);

        assertEquals(List.of(1L), counts(Tick::getRefused), "the second");
        assertEquals(List.of(0L), counts(Tick::getLate));
    }

    /** The former release told nobody how many it had refused since its last tick. */
    @Test
    void theFirstTickAfterAStateWithoutCountsDoesNotSay() throws Exception {
        shard.send(next(0, 0), SECOND);
        shard.storeState(StateTest.golden("ShardState-1.bin"));
        shard.restart();
        shard.send(utf8("key"), utf8("nonsense"), SECOND);
        shard.send(utf8("key"), utf8("nonsense"), 2 * SECOND);
        shard.punctuateAt(3 * SECOND);
        shard.punctuateAt(4 * SECOND);

        List<Long> refused = counts(Tick::getRefused);
        assertNull(refused.get(0));
        assertNull(counts(Tick::getLate).get(0));
        assertEquals(2, refused.stream().skip(1).mapToLong(Long::longValue).sum());
    }

    private List<Long> counts(Function<Tick, Long> count) {
        List<Long> counts = new ArrayList<>();
        for (SpecificRecord record : shard.log()) {
            if (record instanceof Tick tick) {
                counts.add(count.apply(tick));
            }
        }
        return counts;
    }

    @Test
    void aRestartedIdleShardNeedsNoRecordToProveThatItHasCaughtUp() {
        shard.send(next(0, 0), SECOND);
        shard.send(next(1, 0), SECOND + 1000);
        shard.endHere();
        shard.restart();

        shard.punctuateAt(50 * SECOND);
        shard.punctuateAt(51 * SECOND);

        assertEquals(50 * SECOND, shard.lastTick().getTime());
    }

    @Test
    void aLongerPaneDoesNotOpenWhatWasClosed() {
        shard.send(next(0, PANE), PANE + LATENESS);
        shard.restart(config(Map.of("pane.ms", "300000")));

        shard.send(next(1, PANE - 1), PANE + LATENESS);
        shard.send(next(2, PANE), PANE + LATENESS);

        assertEquals(300 * SECOND, ((Tick) shard.log().get(0)).getPaneLength());
        assertEquals(1, total("late"));
        assertEquals(3, accepted());
    }

    @Test
    void activationsAreCopiedOnceInOrderAndBeforeTheFirstSnapshot() {
        byte[] first = Wire.encode(new Activate("m", "1", "sha256:a", 10 * PANE, "alice", null));
        byte[] second = Wire.encode(new Activate("m", "1", null, 20 * PANE, "bob", null));
        shard.activations.put(0L, first);
        shard.send(next(0, 0), SECOND);
        shard.activations.put(4L, utf8("nonsense"));
        shard.activations.put(5L, second);
        shard.punctuateAt(2 * SECOND);
        shard.punctuateAt(3 * SECOND);
        List<SpecificRecord> before = shard.log();
        shard.restart();
        shard.punctuateAt(4 * SECOND);

        assertEquals(Wire.decode(first), before.get(0));
        assertInstanceOf(Tick.class, before.get(1));
        assertEquals(
                List.of(Wire.decode(first), Wire.decode(second)),
                before.stream().filter(record -> record instanceof Activate).toList());
        assertTrue(shard.log().stream().noneMatch(record -> record instanceof Activate));
        assertEquals(1, outcome("undecodable"));
        assertEquals(2, outcome("copied"));
    }

    @Test
    void whatTheLimitsForgetIsDecidedByTheLogAlone() {
        IngestConfig small = config(Map.of("dedup.captures", "2", "limit.models", "1"));
        shard = new ShardHarness(small, folder);
        shard.send(next(0, 0).setCaptureId("a"), SECOND);
        shard.send(next(0, 0).setCaptureId("b"), SECOND);
        shard.send(next(1, 0).setCaptureId("a"), SECOND);
        shard.send(next(0, 0).setCaptureId("b"), SECOND);
        assertEquals(1, rejected("DUPLICATE"), "a refused record is no sign of life");
        long later = 2 * 3600 * SECOND;
        shard.send(next(0, later).setCaptureId("c").setModelVersion("2"), later);
        shard.restart();

        shard.send(next(0, later).setCaptureId("b").setModelDigest("f".repeat(64)), later);
        shard.send(next(0, 2 * later).setCaptureId("c").setModelVersion("2"), 2 * later);

        assertEquals(0, rejected("CATALOGUE_CONFLICT"), "version 1 was forgotten");
        assertEquals(2, rejected("DUPLICATE"), "c is remembered, b was not");
    }

    @Test
    void modelsBeyondTheLimitShareAMetric() {
        for (int version = 0; version < 4; version++) {
            shard.send(next(version, 0).setModelVersion("v" + version), SECOND);
        }

        assertEquals(
                2.0,
                shard.registry.getSampleValue(
                        "spectrawatch_ingest_snapshots_total",
                        new String[] {"model", "version"},
                        new String[] {"overflow", "overflow"}));
        assertEquals(5.0, perModelVersion("rows", "v0"));
    }

    @Test
    void aProducerWhoseClockJumpsLosesOnlyWhatLeavesTheWindow() {
        shard.send(next(0, PANE).setCaptureId("steady"), PANE + LATENESS);
        shard.send(next(0, PANE + 5 * SECOND).setCaptureId("jumpy"), PANE + LATENESS);
        long time = shard.lastTick().getTime();

        shard.send(next(1, 3600 * SECOND).setCaptureId("jumpy"), PANE + LATENESS + 1000);
        shard.send(next(2, 0).setCaptureId("jumpy"), PANE + LATENESS + 2000);
        assertEquals(1, rejected("FUTURE"), "an hour ahead");
        assertEquals(1, total("late"), "out of a pane that is closed");
        assertEquals(time, shard.lastTick().getTime(), "no producer moves the shard's clock");

        shard.send(next(3, PANE + SECOND).setCaptureId("jumpy"), PANE + LATENESS + 3000);
        shard.send(next(1, PANE + SECOND).setCaptureId("steady"), PANE + LATENESS + 4000);
        assertEquals(5, accepted(), "a pane is open to times before those seen");
        assertEquals(0, perModel("gaps"), "a refused number was not skipped");
    }

    @Test
    void aCaptureThatStartsAgainIsANewOne() {
        shard.send(next(0, 0).setCaptureId("before"), SECOND);
        shard.send(next(7, 0).setCaptureId("before"), SECOND);
        shard.send(next(0, 0).setCaptureId("after"), SECOND);
        shard.send(next(1, 0).setCaptureId("after"), SECOND);
        assertEquals(4, accepted());
        assertEquals(6, perModel("gaps"), "a first number opens no gap");

        shard.send(next(0, 0).setCaptureId("before"), SECOND);
        assertEquals(1, rejected("DUPLICATE"), "a captureId that is used again is not told apart");
    }

    @Test
    void theNewestSnapshotOfAModelIsAMetric() {
        shard.send(next(0, 0), 5 * SECOND);
        shard.send(next(1, 0), 4 * SECOND);
        shard.send(next(1, 0), 9 * SECOND);

        assertEquals(
                5.0,
                shard.registry.getSampleValue(
                        "spectrawatch_ingest_last_snapshot_timestamp_seconds",
                        new String[] {"model", "version"},
                        new String[] {"m", "1"}),
                "a refused record is no sign of life");
    }

    private static ActivationSnapshot.Builder next(long sequence, long capturedAt) {
        return valid().setSequence(sequence).setCapturedAt(capturedAt);
    }

    private static ByteBuffer nan() {
        return floats(1, 2, 3, Float.NaN, 5, 6);
    }

    private static IngestConfig config(Map<String, String> changes) {
        Map<String, String> settings = new HashMap<>(changes);
        return IngestConfig.fromMap(settings);
    }

    private List<String> layerKeys() {
        return shard.written(ShardProcessor.LAYERS_SINK).stream()
                .map(record -> new String(record.key().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private long accepted() {
        return (long) perModel("snapshots") + (long) perModelVersion("snapshots", "2");
    }

    private double rejected(String reason) {
        return sample("rejected", "reason", reason);
    }

    private double outcome(String outcome) {
        return sample("activations", "outcome", outcome);
    }

    private double sample(String what, String label, String value) {
        Double found =
                shard.registry.getSampleValue(
                        "spectrawatch_ingest_" + what + "_total",
                        new String[] {label},
                        new String[] {value});
        return found == null ? 0 : found;
    }

    private double total(String what) {
        return shard.registry.getSampleValue("spectrawatch_ingest_" + what + "_total");
    }

    private double held() {
        return shard.registry.getSampleValue(
                "spectrawatch_ingest_transaction_held_seconds",
                new String[] {"shard"},
                new String[] {Integer.toString(ShardHarness.SHARD)});
    }

    private double perModel(String what) {
        return perModelVersion(what, "1");
    }

    private double perModelVersion(String what, String version) {
        Double found =
                shard.registry.getSampleValue(
                        "spectrawatch_ingest_" + what + "_total",
                        new String[] {"model", "version"},
                        new String[] {"m", version});
        return found == null ? 0 : found;
    }

    private static String header(Record<ShardKey, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
