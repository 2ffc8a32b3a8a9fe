package io.spectrawatch.flink.monitor.pane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.MemoryBaselines;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Asking about many panes costs no more decoding than asking about one. */
class RecordedStandingsTest {

    private static final int SHARDS = 2;
    private static final int INTERFACES = 40;
    private static final ModelKey MODEL =
            new ModelKey(TestLog.MODEL, TestLog.VERSION, TestLog.DIGEST);

    private static InterfaceCertificate recorded;

    @BeforeAll
    static void record() throws Exception {
        String id = MemoryBaselines.add(new ChainModel().baseline());
        List<ShardRecord> log =
                new ChainLog(SHARDS).activate(id).panes(4, new ChainModel()).records();
        MonitorConfig config =
                Harnesses.config(
                        SHARDS, "alert.streams=2", "sketch.kind.frequent-directions.layers=");
        recorded =
                Wire.decode(
                        Harnesses.of(Topics.CERTIFICATES, Harnesses.output(config, log))
                                .get(0)
                                .value(),
                        InterfaceCertificate.class);
    }

    @Test
    void everyRecordIsDecodedOnceHoweverManyPanesAsk() {
        List<byte[]> encoded = new ArrayList<>();
        chain().forEach(each -> encoded.add(Wire.encode(each)));
        int[] decodes = {0};
        RecordedStandings standings =
                new RecordedStandings(
                        encoded,
                        bytes -> {
                            decodes[0]++;
                            return Wire.decode(bytes, InterfaceCertificate.class);
                        });
        for (int pane = 0; pane < 500; pane++) {
            for (int i = 0; i < INTERFACES; i++) {
                assertEquals(1000L + i, standings.poolStart(MODEL, "interface" + i));
            }
            assertEquals(Long.MIN_VALUE, standings.poolStart(MODEL, "another"));
        }
        ModelWatch watch = standings.watch(MODEL);
        assertEquals(INTERFACES, watch.interfaces().size());
        assertEquals(recorded.getBaselineId(), watch.baselineId());
        watch.interfaces().forEach(each -> assertTrue(each.watched(), each.name()));
        assertEquals(INTERFACES, decodes[0]);
    }

    @Test
    void aBeginningDecodesItsRecordsForAllWhoAsk() {
        ReplayStart start = new ReplayStart(0, chain());
        RecordedStandings once = start.standings();
        assertEquals(1000L + 7, start.poolStart(MODEL, "interface7"));
        assertEquals(INTERFACES, start.watch(MODEL).interfaces().size());
        assertSame(once, start.standings());
        ModelKey other = new ModelKey(TestLog.MODEL, TestLog.VERSION, "other");
        assertEquals(Long.MIN_VALUE, start.poolStart(other, "interface7"));
        assertTrue(start.watch(other).isEmpty());
    }

    private static List<InterfaceCertificate> chain() {
        List<InterfaceCertificate> chain = new ArrayList<>();
        for (int i = 0; i < INTERFACES; i++) {
            chain.add(
                    InterfaceCertificate.newBuilder(recorded)
                            .setInterfaceName("interface" + i)
                            .setPaneEnd(1000L + i)
                            .build());
        }
        return chain;
    }
}
