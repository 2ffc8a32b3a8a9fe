package io.spectrawatch.flink.monitor.pane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.MemoryBaselines;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replays that begin in the middle of a log give the records that the whole log gives. */
class ReplayStartTest {

    private static final int SHARDS = 2;
    private static final MonitorConfig CONFIG =
            Harnesses.config(SHARDS, "alert.streams=2", "sketch.kind.frequent-directions.layers=");

    private static String id;

    @BeforeAll
    static void calibrate() {
        id = MemoryBaselines.add(new ChainModel().baseline());
    }

    @Test
    void everyPoolEndCanBeTheBeginning() throws Exception {
        List<ShardRecord> log =
                new ChainLog(SHARDS)
                        .activate(id)
                        .panes(4, new ChainModel())
                        .panes(30, new ChainModel().driftInput(2))
                        .records();
        List<OutputRecord> whole = Harnesses.output(CONFIG, log);
        assertFalse(Harnesses.of(Topics.ALERTS, whole).isEmpty(), TestLog.repeat());
        TreeMap<Long, List<InterfaceCertificate>> byEnd = new TreeMap<>();
        for (InterfaceCertificate each : certificates(whole)) {
            byEnd.computeIfAbsent(each.getPaneEnd(), end -> new ArrayList<>()).add(each);
        }
        int begun = 0;
        for (var pools : byEnd.headMap(byEnd.lastKey()).entrySet()) {
            if (pools.getValue().size() == 2) {
                long from = pools.getKey();
                ReplayStart start = begin(from, pools.getValue());
                assertEquals(
                        Harnesses.after(from, whole),
                        Harnesses.after(
                                from, Harnesses.replay(CONFIG, Harnesses.from(from, log), start)),
                        "from " + from + "; " + TestLog.repeat());
                begun++;
            }
        }
        assertTrue(begun > 2, "beginnings " + begun);
    }

    @Test
    void anInterfaceMayBeginLaterThanTheReplay() throws Exception {
        List<ShardRecord> log =
                new ChainLog(SHARDS).activate(id).panes(10, new ChainModel()).records();
        List<OutputRecord> whole = Harnesses.output(CONFIG, log);
        List<InterfaceCertificate> first = of(ChainModel.FIRST, certificates(whole));
        List<InterfaceCertificate> second = of(ChainModel.SECOND, certificates(whole));
        long from = first.get(0).getPaneEnd();
        long later = second.get(1).getPaneEnd();
        ReplayStart start = begin(from, List.of(first.get(0), second.get(1)));

        List<OutputRecord> replayed = Harnesses.replay(CONFIG, Harnesses.from(from, log), start);

        assertEquals(
                of(ChainModel.FIRST, certificates(whole)).subList(1, first.size()),
                of(ChainModel.FIRST, certificates(replayed)));
        assertEquals(
                second.stream().filter(each -> each.getPaneStart() >= later).toList(),
                of(ChainModel.SECOND, certificates(replayed)));
    }

    @Test
    void anInterfaceWithoutACertificateBeginsWithNothing() throws Exception {
        List<ShardRecord> log =
                new ChainLog(SHARDS).activate(id).panes(10, new ChainModel()).records();
        List<InterfaceCertificate> whole = certificates(Harnesses.output(CONFIG, log));
        InterfaceCertificate last = of(ChainModel.FIRST, whole).get(0);
        long from = last.getPaneEnd();
        ReplayStart start = begin(from, List.of(last));

        List<InterfaceCertificate> replayed =
                certificates(Harnesses.replay(CONFIG, Harnesses.from(from, log), start));

        List<InterfaceCertificate> first = of(ChainModel.FIRST, whole);
        assertEquals(first.subList(1, first.size()), of(ChainModel.FIRST, replayed));
        InterfaceCertificate second = of(ChainModel.SECOND, replayed).get(0);
        assertEquals(from, second.getPaneStart());
        assertEquals(of(ChainModel.SECOND, whole).get(0).getStateBefore(), second.getStateBefore());
    }

    @Test
    void anotherBaselineTakesThePlaceOfTheLogsOwn() throws Exception {
        List<ShardRecord> log = new ChainLog(SHARDS).panes(4, new ChainModel()).records();
        List<ShardRecord> activated =
                new ChainLog(SHARDS).activate("0".repeat(64)).panes(4, new ChainModel()).records();
        ReplayStart start = ReplayStart.withoutActivations(0);
        for (int shard = 0; shard < SHARDS; shard++) {
            start = start.plus(shard, activation());
        }
        List<OutputRecord> replayed = Harnesses.replay(CONFIG, activated, start);
        assertFalse(certificates(replayed).isEmpty());
        certificates(replayed).forEach(each -> assertEquals(id, each.getBaselineId()));
        assertEquals(
                certificates(Harnesses.replay(CONFIG, log, start)).size(),
                certificates(replayed).size());
    }

    private static ReplayStart begin(long from, List<InterfaceCertificate> last) {
        ReplayStart start = new ReplayStart(from, last);
        for (int shard = 0; shard < SHARDS; shard++) {
            start = start.plus(shard, activation());
        }
        return start;
    }

    private static Activate activation() {
        return new Activate(TestLog.MODEL, TestLog.VERSION, id, Long.MIN_VALUE, "audit", null);
    }

    private static List<InterfaceCertificate> certificates(List<OutputRecord> records) {
        return Harnesses.of(Topics.CERTIFICATES, records).stream()
                .map(record -> Wire.decode(record.value(), InterfaceCertificate.class))
                .toList();
    }

    private static List<InterfaceCertificate> of(String name, List<InterfaceCertificate> all) {
        return all.stream().filter(each -> each.getInterfaceName().equals(name)).toList();
    }
}
