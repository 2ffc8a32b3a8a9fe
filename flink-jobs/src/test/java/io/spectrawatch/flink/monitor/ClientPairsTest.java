package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Requests beside what their client sent before, in the job. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class ClientPairsTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final ModelBaseline BASELINE = MODEL.baseline(2000, 1, 5);
    private static final int CLIENTS = 10;
    private static final int PANES = 3;

    /** Own scores never alert, so that what is found is found by pairs. */
    private static MonitorConfig config(int shards, String... more) {
        List<String> all = new ArrayList<>(List.of("detect.scores.share=1", "detect.level=1e-12"));
        Collections.addAll(all, more);
        return Harnesses.config(shards, all.toArray(new String[0]));
    }

    /**
     * Every client sends an input, the same a little moved, and again a little moved: to another
     * answer if the client has an odd number. Clients stay with their shard.
     */
    private static TestLog log(int shards) {
        TestLog log = new TestLog(shards).tickAll(0).activateAll(MemoryBaselines.add(BASELINE), 0);
        for (int p = 0; p < PANES; p++) {
            long at = p * TestLog.PANE;
            for (int step = 0; step < 3; step++) {
                for (int c = 0; c < CLIENTS; c++) {
                    Drawn drawn = request(p, c, step);
                    log.add(c % shards, SampleModel.snapshot(++at, List.of(drawn)));
                }
            }
            log.tickAll((p + 1) * TestLog.PANE);
        }
        return log.tickAll((PANES + 2) * TestLog.PANE);
    }

    /** Draws depend on the request alone, so that logs of other shards hold the same rows. */
    private static Drawn request(int pane, int client, int step) {
        Random random = new Random(100L * pane + client);
        String id = pane + "/" + client + "/" + step;
        Drawn original = MODEL.draw(id, "client " + client, Nature.CLEAN, 1, random);
        boolean turned = step == 2 && client % 2 == 1;
        return step == 0 ? original : moved(original, turned, new Random(step));
    }

    private static Drawn moved(Drawn drawn, boolean turned, Random random) {
        float[][] row = drawn.rows()[0];
        for (int j = 0; j < row[0].length; j++) {
            row[0][j] += (float) (0.2 * random.nextGaussian());
        }
        float[] logits = row[2];
        row[2] = turned ? new float[] {logits[1], logits[2], logits[0]} : logits;
        return drawn;
    }

    private static <T extends SpecificRecord> List<T> decoded(
            Class<T> type, List<OutputRecord> records) {
        return records.stream()
                .map(record -> Wire.decode(record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static Map<String, SampleScores> scores(List<OutputRecord> records) {
        Map<String, SampleScores> byId = new TreeMap<>();
        for (SampleScores each : decoded(SampleScores.class, records)) {
            assertNull(byId.put(each.getSampleId(), each), "scored twice");
        }
        return byId;
    }

    @Test
    void aClientThatMovesAnInputToAnotherAnswerIsFound() throws Exception {
        List<OutputRecord> records = Harnesses.records(config(2), log(2).records());
        Map<String, SampleScores> scores = scores(records);
        List<SampleScores> found =
                scores.values().stream().filter(each -> each.getKind() != null).toList();
        assertEquals(PANES * CLIENTS * 3, scores.size());
        scores.forEach(
                (id, each) -> {
                    String[] parts = id.split("/");
                    boolean first = parts[2].equals("0");
                    boolean turned = parts[2].equals("2") && Integer.parseInt(parts[1]) % 2 == 1;
                    assertEquals(first, each.getNearest() == null, id);
                    assertEquals(first, !each.getScores().containsKey(ClientPairs.LIFT), id);
                    assertEquals(first, !each.getScores().containsKey(ClientPairs.GAIN), id);
                    assertEquals(turned ? "ADVERSARIAL" : null, each.getKind(), id);
                });
        assertEquals(PANES * CLIENTS / 2, found.size());
        for (SampleScores each : found) {
            assertEquals("client-pairs-1", each.getDetector());
            assertTrue(each.getScores().get(ClientPairs.LIFT) <= 0.005, each.toString());
            Map<String, String> evidence = each.getEvidence();
            String own = each.getSampleId().substring(0, each.getSampleId().length() - 1);
            assertTrue(each.getNearest().startsWith(own), each.toString());
            assertTrue(
                    each.getText().endsWith(", not " + evidence.get("nearestClass")),
                    each.getText());
            assertTrue(Double.parseDouble(evidence.get("pairLift")) > 0);
            assertTrue(Double.parseDouble(evidence.get("pairDistance")) > 0);
        }
    }

    /** Without a stream: each request through the detector itself, in the order it was sent. */
    @Test
    void pairsAreThoseOfTheSameRequestsOffline() throws Exception {
        Map<String, SampleScores> streamed = scores(Harnesses.records(config(2), log(2).records()));
        Detector detector = BASELINE.detector().orElseThrow();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Scorer scorer = detector.scorer(kernels);
            for (int p = 0; p < PANES; p++) {
                ClientPairs pairs = detector.clientPairs(CLIENTS, 3);
                for (int step = 0; step < 3; step++) {
                    for (int c = 0; c < CLIENTS; c++) {
                        Drawn drawn = request(p, c, step);
                        int answer =
                                scorer.measure(SampleModel.activations(List.of(drawn)), pairs)
                                        .predicted()[0];
                        NearPair pair = pairs.observe(0, drawn.client(), drawn.id(), 0, answer);
                        pairs.clear();
                        SampleScores found = streamed.get(drawn.id());
                        assertEquals(pair == null ? null : pair.earlier(), found.getNearest());
                        if (pair != null) {
                            assertEquals(pair.liftP(), found.getScores().get(ClientPairs.LIFT));
                            assertEquals(pair.gainP(), found.getScores().get(ClientPairs.GAIN));
                        }
                    }
                }
            }
        }
    }

    @Test
    void itDoesNotMatterHowManyShardsThereAreAsLongAsAClientHasOne() throws Exception {
        Map<String, Map<String, Double>> one = pValues(1);
        assertEquals(one, pValues(2));
        assertEquals(one, pValues(5));
    }

    private static Map<String, Map<String, Double>> pValues(int shards) throws Exception {
        List<OutputRecord> records = Harnesses.records(config(shards), log(shards).records());
        Map<String, Map<String, Double>> values = new TreeMap<>();
        scores(records).forEach((id, each) -> values.put(id, each.getScores()));
        return values;
    }

    @Test
    void aReplayOfLaterPanesFindsTheSame() throws Exception {
        MonitorConfig config = config(2);
        TestLog log = log(2);
        List<OutputRecord> whole = Harnesses.records(config, log.records());
        long from = TestLog.PANE;
        ReplayStart start = Harnesses.judgedBy(BASELINE.id(), 2, new ReplayStart(from, List.of()));
        List<ShardRecord> replayed = Harnesses.begun(Harnesses.from(from, log.records()), start);
        List<OutputRecord> later = ofLaterPanes(whole);
        assertFalse(later.isEmpty());
        assertEquals(
                Harnesses.sortedByKey(later),
                Harnesses.sortedByKey(ofLaterPanes(Harnesses.records(config, replayed))));
    }

    /** Without the first pane, whose end is read again for the ticks in it. */
    private static List<OutputRecord> ofLaterPanes(List<OutputRecord> records) {
        return records.stream().filter(record -> !sampleOf(record).startsWith("0/")).toList();
    }

    private static String sampleOf(OutputRecord record) {
        return Wire.decode(record.value(), SampleScores.class).getSampleId();
    }

    @Test
    void checkpointsAndRestoresDoNotShow() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(2);
        MonitorConfig config = config(2, "detect.pair.requests=2", "detect.pair.clients=4");
        List<OutputRecord> expected = Harnesses.records(config, log.records());
        List<OutputRecord> found = Restarts.ofMonitor(config, log.records(), random, 12).records();
        assertEquals(
                Harnesses.sortedByKey(expected), Harnesses.sortedByKey(found), TestLog.repeat());
    }

    @Test
    void noRequestsAreComparedWhereNoneAreRemembered() throws Exception {
        MonitorConfig config = config(1, "detect.pair.requests=0");
        List<OutputRecord> records = Harnesses.records(config, log(1).records());
        assertTrue(scores(records).values().stream().allMatch(s -> s.getKind() == null));
        assertTrue(scores(records).values().stream().allMatch(s -> s.getNearest() == null));
    }
}
