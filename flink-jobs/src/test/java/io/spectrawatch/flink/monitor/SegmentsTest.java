package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traffic of two kinds in the same snapshots, of which one is a segment with a baseline. */
class SegmentsTest {

    private static final int SHARDS = 2;
    private static final int SNAPSHOTS_PER_PANE = 40;
    private static final String SEGMENT = "route=/batch";
    private static final String[] SETTINGS = {
        "alert.streams=2", "sketch.kind.frequent-directions.layers="
    };

    /** How far the segment's traffic is from the rest. */
    private static final double APART = 2;

    private static String rest;
    private static String own;

    private final ChainLog log = new ChainLog(SHARDS);
    private final Random random = new Random(TestLog.seed());
    private long panes;

    @BeforeAll
    static void calibrate() {
        rest = MemoryBaselines.add(new ChainModel().whole(11));
        own = MemoryBaselines.add(new ChainModel().driftInput(APART).whole(12));
    }

    private SegmentsTest activate(String segment, String baselineId) {
        for (int shard = 0; shard < SHARDS; shard++) {
            log.log()
                    .add(
                            shard,
                            new Activate(
                                    TestLog.MODEL,
                                    TestLog.VERSION,
                                    baselineId,
                                    panes * TestLog.PANE,
                                    "operator",
                                    segment));
        }
        return this;
    }

    /** Adds panes whose snapshots hold samples of both kinds. */
    private SegmentsTest panes(int count, double ofRest, double ofSegment) {
        for (int i = 0; i < count; i++) {
            for (int s = 0; s < SNAPSHOTS_PER_PANE; s++) {
                long at = panes * TestLog.PANE + s * TestLog.PANE / SNAPSHOTS_PER_PANE;
                ActivationSnapshot plain = new ChainModel().driftInput(ofRest).snapshot(at, random);
                ActivationSnapshot batch =
                        new ChainModel().driftInput(ofSegment).snapshot(at, random);
                log.add(ChainModel.mixed(plain, batch, Map.of("route", "/batch", "tier", "b")));
            }
            log.nextPane();
            panes++;
        }
        return this;
    }

    private static MonitorConfig config() {
        return Harnesses.config(SHARDS, SETTINGS);
    }

    private List<OutputRecord> run() throws Exception {
        return MonitorRecords.of(log.records(), SHARDS, SETTINGS);
    }

    private static <T extends SpecificRecord> List<T> all(
            List<OutputRecord> records, Topics topic, Class<T> type) {
        return Harnesses.of(topic, records).stream()
                .filter(record -> Wire.isA(record.value(), type.getName()))
                .map(record -> Wire.decode(record.value(), type))
                .toList();
    }

    @Test
    void trafficOfAnotherSegmentIsNoDrift() throws Exception {
        activate(null, rest).activate(SEGMENT, own).panes(16, 0, APART);
        List<OutputRecord> out = run();
        assertEquals(List.of(), all(out, Topics.ALERTS, Alert.class), TestLog.repeat());
        Map<String, Integer> certificates = new TreeMap<>();
        for (InterfaceCertificate each :
                all(out, Topics.CERTIFICATES, InterfaceCertificate.class)) {
            certificates.merge(String.valueOf(each.getSegment()), 1, Integer::sum);
            assertEquals(each.getSegment() == null ? rest : own, each.getBaselineId());
        }
        assertEquals(Set.of("null", SEGMENT), certificates.keySet());
        assertTrue(certificates.values().stream().allMatch(c -> c >= 4), certificates.toString());
        for (SampleScores each : all(out, Topics.SCORES, SampleScores.class)) {
            boolean batch = each.getSampleId().startsWith("batch-");
            assertEquals(batch ? SEGMENT : null, each.getSegment());
            assertEquals(batch ? own : rest, each.getBaselineId());
        }
        for (OutputRecord record : out) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            SpecificRecord decoded = Wire.decode(record.value());
            if (decoded.getSchema().getField("segment") != null) {
                assertEquals(
                        decoded.get(decoded.getSchema().getField("segment").pos()),
                        Topics.segmentOf(key),
                        key);
            }
        }
    }

    /** As if the segment were a model of its own, and as if the rest had no segment beside it. */
    @Test
    void eachIsSketchedAsIfItWereAlone() throws Exception {
        activate(null, rest).activate(SEGMENT, own).panes(3, 0, APART);
        Map<String, List<String>> digests = digests(run());
        SegmentsTest alone = new SegmentsTest();
        alone.activate(null, rest);
        for (int pane = 0; pane < 3; pane++) {
            for (int s = 0; s < SNAPSHOTS_PER_PANE; s++) {
                long at = pane * TestLog.PANE + s * TestLog.PANE / SNAPSHOTS_PER_PANE;
                alone.log.add(new ChainModel().snapshot(at, alone.random));
                new ChainModel().driftInput(APART).snapshot(at, alone.random);
            }
            alone.log.nextPane();
        }
        List<String> expected =
                digests(MonitorRecords.of(alone.log.records(), SHARDS, SETTINGS)).get("null");
        assertEquals(expected, digests.get("null"), TestLog.repeat());
        assertEquals(expected.size(), digests.get(SEGMENT).size());
        assertFalse(digests.get(SEGMENT).stream().anyMatch(expected::contains));
    }

    private static Map<String, List<String>> digests(List<OutputRecord> out) {
        Map<String, List<String>> digests = new TreeMap<>();
        for (LayerSketch each : all(out, Topics.SKETCHES, LayerSketch.class)) {
            digests.computeIfAbsent(String.valueOf(each.getSegment()), s -> new ArrayList<>())
                    .add(Harnesses.hex(each.getSketchDigest().array()));
        }
        return digests;
    }

    /** The mixture is far from either. */
    @Test
    void withoutABaselineOfItsOwnItIsDriftOfTheModel() throws Exception {
        activate(null, rest).panes(8, 0, 0).panes(30, 0, APART);
        Set<String> kinds = new TreeSet<>();
        for (Alert each : all(run(), Topics.ALERTS, Alert.class)) {
            assertEquals(null, each.getSegment());
            kinds.add(each.getKind());
        }
        assertTrue(kinds.contains("CERTIFICATE_DRIFT"), kinds + " " + TestLog.repeat());
    }

    @Test
    void driftOfASegmentIsFoundAndIsThatOfTheSegment() throws Exception {
        activate(null, rest).activate(SEGMENT, own).panes(6, 0, APART).panes(30, 0, 0);
        List<Alert> alerts = all(run(), Topics.ALERTS, Alert.class);
        List<String> texts = alerts.stream().map(Alert::getText).toList();
        assertTrue(
                alerts.stream().anyMatch(a -> a.getKind().equals("CERTIFICATE_DRIFT")),
                texts + " " + TestLog.repeat());
        assertTrue(texts.stream().anyMatch(text -> text.contains("input drift")), texts + "");
        Set<String> ids = new HashSet<>();
        for (Alert each : alerts) {
            assertEquals(SEGMENT, each.getSegment(), each.getText());
            assertTrue(ids.add(each.getId()));
        }
    }

    /** The first attribute by name decides, and a segment without a baseline is the rest's. */
    @Test
    void precedence() throws Exception {
        activate(null, rest).activate(SEGMENT, own).activate("tier=b", rest).panes(1, 0, APART);
        assertEquals(Set.of("null", SEGMENT), digests(run()).keySet());
        SegmentsTest other = new SegmentsTest();
        other.activate("tier=b", own).activate("route=/none", rest).panes(1, 0, APART);
        assertEquals(Set.of("null", "tier=b"), digests(other.run()).keySet());
    }

    /** What has been taken with the rest cannot be told from it any more. */
    @Test
    void anActivationIsForPanesThatNobodyHasBegun() throws Exception {
        panes(1, 0, APART);
        for (int s = 0; s < SHARDS; s++) {
            log.add(new ChainModel().snapshot(panes * TestLog.PANE, random));
        }
        activate(SEGMENT, own).panes(2, 0, APART);
        Map<String, Set<Long>> panesOf = new TreeMap<>();
        for (LayerSketch each : all(run(), Topics.SKETCHES, LayerSketch.class)) {
            panesOf.computeIfAbsent(String.valueOf(each.getSegment()), s -> new TreeSet<>())
                    .add(each.getPaneStart() / TestLog.PANE);
        }
        assertEquals(Map.of("null", Set.of(0L, 1L, 2L), SEGMENT, Set.of(2L)), panesOf);
    }

    @Test
    void aSegmentWithoutItsBaselineIsTheRestAgain() throws Exception {
        activate(SEGMENT, own).panes(1, 0, APART).activate(SEGMENT, null).panes(1, 0, APART);
        Map<String, Set<Long>> rows = new TreeMap<>();
        for (LayerSketch each : all(run(), Topics.SKETCHES, LayerSketch.class)) {
            rows.computeIfAbsent(String.valueOf(each.getSegment()), s -> new TreeSet<>())
                    .add(each.getPaneStart() / TestLog.PANE);
        }
        assertEquals(Map.of("null", Set.of(0L, 1L), SEGMENT, Set.of(0L)), rows);
    }

    @Test
    void aSegmentTakesAPlaceAsAModelDoes() throws Exception {
        activate(null, rest).activate(SEGMENT, own).panes(1, 0, APART);
        String[] settings = {SETTINGS[0], SETTINGS[1], "models.max=1"};
        List<OutputRecord> out = MonitorRecords.of(log.records(), SHARDS, settings);
        assertEquals(Set.of("null"), digests(out).keySet());
        List<UnwatchedLayers> unwatched = all(out, Topics.SKETCHES, UnwatchedLayers.class);
        assertEquals(SEGMENT, unwatched.get(0).getSegment());
        assertEquals(SNAPSHOTS_PER_PANE, unwatched.get(0).getSnapshots());
    }

    @Test
    void restartsDoNotShow() throws Exception {
        activate(null, rest).activate(SEGMENT, own).panes(5, 0, APART);
        List<ShardRecord> records = log.records();
        List<ShardMessage> messages = Harnesses.summaries(config(), records);
        Restarts.Said said = Restarts.ofMonitor(config(), records, random, 40);
        assertEquals(Restarts.sorted(messages), Restarts.sorted(said.messages()), TestLog.repeat());
        assertEquals(
                Harnesses.sortedByKey(Harnesses.records(config(), records)),
                Harnesses.sortedByKey(said.records()),
                TestLog.repeat());
        assertEquals(
                Harnesses.byKey(Harnesses.merged(config(), messages)),
                Harnesses.byKey(
                        Restarts.ofMerger(config(), messages, random.nextInt(messages.size()))),
                TestLog.repeat());
    }

    /** A replay that begins behind a pool of both, as an audit makes it. */
    @Test
    void aReplayFromTheMiddleIsTheSame() throws Exception {
        activate(null, rest).activate(SEGMENT, own).panes(16, 0, APART);
        List<ShardRecord> records = log.records();
        List<OutputRecord> whole = Harnesses.output(config(), records);
        long from = 8 * TestLog.PANE;
        List<InterfaceCertificate> certificates =
                all(whole, Topics.CERTIFICATES, InterfaceCertificate.class);
        Map<String, InterfaceCertificate> last = new TreeMap<>();
        for (InterfaceCertificate each : certificates) {
            if (each.getPaneEnd() <= from) {
                last.put(each.getSegment() + each.getInterfaceName(), each);
            }
        }
        assertEquals(4, last.size());
        long start =
                last.values().stream()
                        .mapToLong(InterfaceCertificate::getPaneEnd)
                        .min()
                        .orElseThrow();
        ReplayStart begin =
                Harnesses.judgedBy(
                        rest, SHARDS, new ReplayStart(start, List.copyOf(last.values())));
        for (int shard = 0; shard < SHARDS; shard++) {
            begin =
                    begin.plus(
                            shard,
                            new Activate(
                                    TestLog.MODEL, TestLog.VERSION, own, start, "audit", SEGMENT));
        }
        List<OutputRecord> replayed =
                Harnesses.replay(config(), Harnesses.from(start, records), begin);
        assertEquals(
                certificatesAfter(from, whole),
                certificatesAfter(from, replayed),
                TestLog.repeat());
    }

    private static List<String> certificatesAfter(long from, List<OutputRecord> records) {
        List<String> sorted =
                new ArrayList<>(Harnesses.after(from, Harnesses.of(Topics.CERTIFICATES, records)));
        sorted.sort(null);
        assertTrue(sorted.size() >= 4, "certificates " + sorted.size());
        return sorted;
    }
}
