package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a monitor writes again that began its log again; sketches: {@code ExporterTest}. */
class RepeatedRecordsTest {

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private final RepeatedRecords repeated = new RepeatedRecords();

    @BeforeEach
    void register() {
        repeated.registerAt(registry);
    }

    private double counted(String type) {
        Double value =
                registry.getSampleValue(
                        "spectrawatch_repeated_records_total",
                        new String[] {"type"},
                        new String[] {type});
        return value == null ? 0 : value;
    }

    static SampleScores score(long offset, long capturedAt, String sample) {
        return SampleScores.newBuilder()
                .setModelId("m")
                .setModelVersion("1")
                .setSampleId(sample)
                .setCapturedAt(capturedAt)
                .setShard(0)
                .setOffset(offset)
                .setBaselineId("b")
                .setP(.5)
                .setResolution(.01)
                .setStatistic(1)
                .build();
    }

    static Alert alert(String id, long paneEnd, Map<String, String> evidence, String sample) {
        return Alert.newBuilder()
                .setId(id)
                .setKind("K")
                .setTransition(AlertTransition.RAISED)
                .setModelId("m")
                .setModelVersion("1")
                .setDetector("d")
                .setPaneStart(paneEnd - 1)
                .setPaneEnd(paneEnd)
                .setSampleId(sample)
                .setGuarantee("g")
                .setText("t")
                .setEvidence(evidence)
                .build();
    }

    @Test
    void samplesAreKnownByTheirPlaceInTheLog() {
        for (int offset = 0; offset < 5; offset++) {
            assertTrue(repeated.isNew(score(offset, 100 + offset, "a")));
            assertTrue(repeated.isNew(score(offset, 100 + offset, "b")));
        }
        for (int offset = 0; offset < 5; offset++) {
            assertFalse(repeated.isNew(score(offset, 100 + offset, "a")));
            assertFalse(repeated.isNew(score(offset, 100 + offset, "b")));
        }
        assertEquals(10, counted("SampleScores"));
        assertTrue(repeated.isNew(score(5, 105, "a")));
    }

    /** After a change of the number of shards the log begins at offset 0 again, later in time. */
    @Test
    void anotherLogIsNoRepetition() {
        for (int offset = 0; offset < 5; offset++) {
            assertTrue(repeated.isNew(score(offset, 100 + offset, "a")));
        }
        for (int offset = 0; offset < 5; offset++) {
            assertTrue(repeated.isNew(score(offset, 200 + offset, "a")));
        }
        assertEquals(0, counted("SampleScores"));
    }

    @Test
    void alertsAreKnownByTheirIds() {
        for (int pane = 1; pane <= 40; pane++) {
            assertTrue(repeated.isNew(alert("id" + pane, pane, Map.of(), null)));
        }
        // a shard that was behind
        assertTrue(repeated.isNew(alert("late", 38, Map.of(), null)));
        for (int pane = 1; pane <= 40; pane++) {
            assertFalse(repeated.isNew(alert("id" + pane, pane, Map.of(), null)));
        }
        assertFalse(repeated.isNew(alert("late", 38, Map.of(), null)));
        assertEquals(41, counted("Alert"));
        assertTrue(repeated.isNew(alert("id41", 41, Map.of(), null)));
    }

    @Test
    void alertsAboutSamplesAreKnownByTheirPlaceAndIds() {
        Map<String, String> first = Map.of("shard", "0", "offset", "7", "capturedAt", "70");
        Map<String, String> second = Map.of("shard", "0", "offset", "9", "capturedAt", "90");
        assertTrue(repeated.isNew(alert("a", 100, first, "s1")));
        assertTrue(repeated.isNew(alert("b", 100, first, "s2")));
        assertTrue(repeated.isNew(alert("c", 100, second, "s3")));
        assertFalse(repeated.isNew(alert("a", 100, first, "s1")));
        assertFalse(repeated.isNew(alert("c", 100, second, "s3")));
        // of another origin: nothing says in what order it comes
        assertTrue(repeated.isNew(alert("x", 1, Map.of(), "s")));
        assertTrue(repeated.isNew(alert("y", 0, Map.of(), "s")));
    }
}
