package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What manifests say was refused and late: what the ticks of the pane report, or nothing. */
class PaneCountsTest {

    private static final int SHARDS = 2;
    private static final long SECOND = TestLog.SECOND;
    private static final long PANE = TestLog.PANE;
    private static final MonitorConfig CONFIG = Harnesses.config(SHARDS);

    @Test
    void aPaneHasTheCountsOfTheTicksInItOverAllShards() throws Exception {
        TestLog log = log();
        tick(log, 0, 0, 0L, 0L);
        snapshots(log, 1);
        tick(log, 0, 9, 2L, 1L);
        tick(log, 1, 8, 30L, 0L);
        tick(log, 0, 10, 400L, 0L);
        snapshots(log, 11);
        tick(log, 1, 19, 0L, 6L);
        end(log, 30);

        Map<Long, Manifest> panes = panes(log.records());

        assertCounts(32, 1, panes.get(0L));
        assertCounts(400, 6, panes.get(PANE));
        // The last tick before the pane, or the shard's first.
        assertEquals(List.of(0L, 0L), offsets(panes.get(0L)));
        assertEquals(List.of(3L, 1L), offsets(panes.get(PANE)));
    }

    @Test
    void aTickThatDoesNotSayLeavesItsPaneUnknown() throws Exception {
        TestLog log = log();
        snapshots(log, 1);
        tick(log, 0, 5, null, null);
        tick(log, 0, 9, 3L, 3L);
        tick(log, 1, 9, 3L, 3L);
        snapshots(log, 11);
        tick(log, 0, 15, 1L, 2L);
        end(log, 30);

        Map<Long, Manifest> panes = panes(log.records());

        assertUnknown(panes.get(0L));
        assertCounts(1, 2, panes.get(PANE));
    }

    @Test
    void aJobThatBeginsWithinAPaneCountsFromTheNext() throws Exception {
        TestLog log = log();
        tick(log, 0, 3, 5L, 5L);
        snapshots(log, 4);
        tick(log, 0, 5, 7L, 7L);
        snapshots(log, 11);
        tick(log, 0, 15, 1L, 2L);
        end(log, 30);
        List<ShardRecord> later =
                log.records().stream()
                        .filter(each -> each.shard() == 1 || each.offset() >= 1)
                        .toList();

        assertUnknown(panes(later).get(0L));
        assertEquals(panes(log.records()).get(PANE), panes(later).get(PANE));
        assertCounts(12, 12, panes(log.records()).get(0L));
    }

    @Test
    void panesOfAnotherLengthAreUnknownUntilTheFirstThatBeginsWithIt() throws Exception {
        TestLog log = log();
        tick(log, 0, 9, 1L, 0L);
        for (int shard = 0; shard < SHARDS; shard++) {
            log.tick(shard, 12 * SECOND, 2 * PANE, 1L, 0L);
        }
        snapshots(log, 13);
        snapshots(log, 21);
        for (int shard = 0; shard < SHARDS; shard++) {
            log.tick(shard, 25 * SECOND, 2 * PANE, 8L, 4L);
            log.tick(shard, 60 * SECOND, 2 * PANE, 0L, 0L);
        }

        Map<Long, Manifest> panes = panes(log.records());

        assertUnknown(panes.get(0L));
        assertCounts(16, 8, panes.get(2 * PANE));
    }

    /** Pools span panes, also such as nothing of the model came in. */
    @Test
    void everyRecordHasTheCountsOfItsTimeAndAReplayFromItsOffsetsHasTheSame() throws Exception {
        String id = MemoryBaselines.add(new ChainModel().baseline());
        List<ShardRecord> log =
                new ChainLog(SHARDS).activate(id).panes(9, new ChainModel()).records();
        List<OutputRecord> whole = Harnesses.output(CONFIG, log);
        int pools = 0;
        for (InterfaceCertificate each : certificates(whole)) {
            assertCounts(log, each.getPaneStart(), each.getPaneEnd(), each.getManifest());
            pools += each.getPanes() > 1 ? 1 : 0;
        }
        assertTrue(pools > 1, "pools of several panes: " + pools);
        for (LayerSketch each : sketches(whole)) {
            Manifest manifest = each.getManifest();
            assertCounts(log, each.getPaneStart(), each.getPaneEnd(), manifest);
            List<Long> offsets = offsets(manifest);
            List<ShardRecord> part =
                    log.stream().filter(r -> r.offset() >= offsets.get(r.shard())).toList();
            Manifest again = panes(part).get(each.getPaneStart());
            assertEquals(manifest.getRefusedRecords(), again.getRefusedRecords());
            assertEquals(offsets, offsets(again));
        }
    }

    private static void assertCounts(List<ShardRecord> log, long from, long to, Manifest manifest) {
        long refused = 0;
        long late = 0;
        for (ShardRecord record : log) {
            boolean counts =
                    Wire.decode(record.value()) instanceof Tick tick
                            && tick.getTime() >= from
                            && tick.getTime() < to;
            if (counts) {
                Tick tick = Wire.decode(record.value(), Tick.class);
                refused += tick.getRefused();
                late += tick.getLate();
            }
        }
        assertCounts(refused, late, manifest);
    }

    /** Ticks of both shards at 0, the first of each. */
    private static TestLog log() {
        TestLog log = new TestLog(SHARDS);
        for (int shard = 0; shard < SHARDS; shard++) {
            tick(log, shard, 0, 0L, 0L);
        }
        return log;
    }

    private static void tick(TestLog log, int shard, long second, Long refused, Long late) {
        log.tick(shard, second * SECOND, PANE, refused, late);
    }

    private static void end(TestLog log, long second) {
        for (int shard = 0; shard < SHARDS; shard++) {
            tick(log, shard, second, 50L, 50L);
            tick(log, shard, second + 20, 0L, 0L);
        }
    }

    private static void snapshots(TestLog log, long second) {
        log.snapshot(0, second * SECOND, List.of(TestLog.layer("a", 0, 2, 1, 2)));
    }

    private static Map<Long, Manifest> panes(List<ShardRecord> log) throws Exception {
        return sketches(Harnesses.output(CONFIG, log)).stream()
                .collect(
                        Collectors.toMap(
                                LayerSketch::getPaneStart,
                                LayerSketch::getManifest,
                                (one, other) -> one,
                                TreeMap::new));
    }

    private static List<LayerSketch> sketches(List<OutputRecord> records) {
        return records.stream()
                .map(each -> Wire.decode(each.value()))
                .filter(each -> each instanceof LayerSketch)
                .map(each -> (LayerSketch) each)
                .toList();
    }

    private static List<InterfaceCertificate> certificates(List<OutputRecord> records) {
        return Harnesses.of(Topics.CERTIFICATES, records).stream()
                .map(each -> Wire.decode(each.value(), InterfaceCertificate.class))
                .toList();
    }

    private static void assertCounts(long refused, long late, Manifest manifest) {
        assertEquals(refused, manifest.getRefusedRecords());
        assertEquals(late, manifest.getLateRecords());
    }

    private static void assertUnknown(Manifest manifest) {
        assertNull(manifest.getRefusedRecords());
        assertNull(manifest.getLateRecords());
        manifest.getShards().forEach(each -> assertNull(each.getCountedFromOffset()));
    }

    private static List<Long> offsets(Manifest manifest) {
        return manifest.getShards().stream().map(ShardInput::getCountedFromOffset).toList();
    }
}
