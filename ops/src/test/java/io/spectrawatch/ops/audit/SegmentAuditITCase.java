package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Audits of a run in which a segment of the traffic has a baseline of its own. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SegmentAuditITCase {

    private static final String LIVE = "segments.";
    private static final String SEGMENT = "route=/batch";

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static RecordedRun run;

    @BeforeAll
    static void record() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        run = new RecordedRun(client, folder);
        run.createTopics(LIVE);
        String rest = run.publish(LIVE, new ChainModel().whole(11));
        String own = run.publish(LIVE, new ChainModel().driftInput(2).whole(12));
        run.writeSegments(LIVE, rest, SEGMENT, own);
        run.monitor(LIVE);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static AuditReport audit(AuditRequest request) throws Exception {
        return new Audit(client, LIVE, new FlinkTarget(null, 0, List.of(), 2), null)
                .run(request, AuditProgress.NONE);
    }

    private static <T extends SpecificRecord> List<T> all(Topics topic, Class<T> type) {
        return run.records(LIVE, topic).stream()
                .filter(record -> Wire.isA(record.value(), type.getName()))
                .map(record -> Wire.decode(record.value(), type))
                .toList();
    }

    private static Map<String, Integer> bySegment(List<String> segments) {
        Map<String, Integer> counts = new TreeMap<>();
        segments.forEach(segment -> counts.merge(String.valueOf(segment), 1, Integer::sum));
        return counts;
    }

    @Test
    void everyRecordOfEverySegmentIsIdentical() throws Exception {
        for (Map<String, Integer> counts :
                List.of(
                        bySegment(
                                all(Topics.CERTIFICATES, InterfaceCertificate.class).stream()
                                        .map(InterfaceCertificate::getSegment)
                                        .toList()),
                        bySegment(
                                all(Topics.SCORES, SampleScores.class).stream()
                                        .map(SampleScores::getSegment)
                                        .toList()))) {
            assertTrue(counts.getOrDefault("null", 0) >= 4, counts.toString());
            assertTrue(counts.getOrDefault(SEGMENT, 0) >= 4, counts.toString());
        }
        AuditReport report =
                audit(AuditRequest.range(TestLog.MODEL, null, RecordedRun.START, RecordedRun.END));
        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        for (Topics topic : List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.ALERTS)) {
            assertEquals(
                    Map.of(ReplayVerdict.IDENTICAL, run.records(LIVE, topic).size()),
                    report.counts().get(topic.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** The activations lie before what is replayed; a pane has nothing of the segment. */
    @Test
    void anAuditMayBeginAnywhere() throws Exception {
        for (int pane : List.of(1, 2, 7, RecordedRun.PANES - 4)) {
            long from = RecordedRun.START + pane * RecordedRun.PANE;
            AuditReport report =
                    audit(AuditRequest.range(TestLog.MODEL, null, from, RecordedRun.END));
            assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), pane + " " + report);
        }
    }

    @Test
    void anAlertOfTheSegmentIsIdentical() throws Exception {
        Alert alert =
                all(Topics.ALERTS, Alert.class).stream()
                        .filter(each -> SEGMENT.equals(each.getSegment()))
                        .filter(each -> each.getPart() != null)
                        .findFirst()
                        .orElseThrow();
        AuditReport report =
                audit(new AuditRequest(null, null, null, null, alert.getId(), null, null, null));
        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        assertTrue(report.counts().get("alerts").get(ReplayVerdict.IDENTICAL) >= 1);
    }
}
