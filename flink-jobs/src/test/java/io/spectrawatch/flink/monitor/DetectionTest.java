package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.attack.AttackRecords;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.attack.AttackTransition;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Samples in the job: scored as offline, counted in full, watched for attacks. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class DetectionTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final ModelBaseline BASELINE = MODEL.baseline(2000, 1, 5);
    private static final SampleModel.Mix CLEAN =
            (model, id, n, random) -> model.draw(id, "c" + n % 5, Nature.CLEAN, 1, random);

    /** Every score is published. */
    private static MonitorConfig config(int shards, String... more) {
        List<String> all = new ArrayList<>(List.of("detect.scores.share=1"));
        Collections.addAll(all, more);
        return Harnesses.config(shards, all.toArray(new String[0]));
    }

    private static TestLog log(int shards, ModelBaseline baseline) {
        return new TestLog(shards).tickAll(0).activateAll(MemoryBaselines.add(baseline), 0);
    }

    private static <T extends SpecificRecord> List<T> decoded(
            Topics topic, Class<T> type, List<OutputRecord> records) {
        return Harnesses.of(topic, records).stream()
                .map(record -> Wire.decode(record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static Map<String, SampleScores> scores(List<OutputRecord> records) {
        Map<String, SampleScores> byId = new HashMap<>();
        for (SampleScores each : decoded(Topics.SCORES, SampleScores.class, records)) {
            assertNull(byId.put(each.getSampleId(), each), "scored twice");
        }
        return byId;
    }

    @Test
    void scoresEqualThoseOfTheSameRowsOffline() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(3, BASELINE);
        List<Drawn> all =
                MODEL.pane(
                        log,
                        3,
                        0,
                        700,
                        random,
                        (model, id, n, r) -> model.draw(id, null, Nature.values()[n % 3], 1, r));
        requireOffline(BASELINE, all, scores(Harnesses.records(config(3), log.records())));
    }

    /** Whatever comes before, however much of it, the next sample is judged as if nothing had. */
    @Test
    void poisoningTheStreamDoesNotMoveTheEnforcedProfile() throws Exception {
        Random random = new Random(TestLog.seed());
        List<Drawn> probes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            probes.add(MODEL.draw("probe" + i, null, Nature.values()[i % 3], 1, random));
        }
        byte[] frozen = BASELINE.toBytes();
        TestLog log = log(2, BASELINE);
        for (int p = 0; p < 4; p++) {
            MODEL.pane(
                    log,
                    2,
                    p,
                    500,
                    random,
                    (model, id, n, r) -> model.draw(id, "mallory", Nature.FOREIGN, 1, r));
        }
        for (int i = 0; i < probes.size(); i++) {
            long at = 4 * TestLog.PANE + i;
            log.add(i % 2, SampleModel.snapshot(at, probes.subList(i, i + 1)));
        }
        log.tickAll(6 * TestLog.PANE);
        Map<String, SampleScores> found = scores(Harnesses.records(config(2), log.records()));
        assertEquals(2100, found.size());
        found.keySet().removeIf(id -> !id.startsWith("probe"));
        requireOffline(BASELINE, probes, found);
        assertArrayEquals(frozen, BASELINE.toBytes());
    }

    @Test
    void tokensOfOneSampleAreOneScore() throws Exception {
        ModelBaseline baseline = MODEL.baseline(900, 4, 6);
        Random random = new Random(TestLog.seed());
        TestLog log = log(2, baseline);
        List<Drawn> all =
                MODEL.pane(
                        log,
                        2,
                        0,
                        200,
                        random,
                        (model, id, n, r) ->
                                model.draw(id, null, Nature.CLEAN, 1 + r.nextInt(300), r));
        requireOffline(baseline, all, scores(Harnesses.records(config(2), log.records())));
    }

    private static void requireOffline(
            ModelBaseline baseline, List<Drawn> all, Map<String, SampleScores> found) {
        assertEquals(all.size(), found.size());
        Detector detector = baseline.detector().orElseThrow();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Scored offline = detector.score(SampleModel.activations(all), kernels);
            for (int i = 0; i < all.size(); i++) {
                SampleScores own = found.get(all.get(i).id());
                double statistic = offline.statistic()[i];
                assertEquals(statistic, own.getStatistic(), 1e-6 * statistic);
                assertEquals(offline.p()[i], own.getP());
                assertEquals(offline.predicted()[i], own.getPredictedClass());
                assertEquals(offline.scorePValues(i).keySet(), own.getScores().keySet());
                assertEquals(own.getP() <= 0.01, own.getKind() != null);
                assertEquals(baseline.id(), own.getBaselineId());
            }
        }
    }

    @Test
    void checkpointsAndRestoresDoNotShow() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(2, BASELINE);
        for (int p = 0; p < 3; p++) {
            MODEL.pane(log, 2, p, 300, random, DetectionTest::sometimesBad);
        }
        log.tickAll(4 * TestLog.PANE);
        MonitorConfig config = config(2);
        List<OutputRecord> expected = new ArrayList<>(Harnesses.records(config, log.records()));
        expected.addAll(Harnesses.output(config, log.records()));
        Restarts.Said said = Restarts.ofMonitor(config, log.records(), random, 60);
        List<OutputRecord> found = new ArrayList<>(said.records());
        found.addAll(Harnesses.merged(config, said.messages()));
        assertEquals(
                Harnesses.sortedByKey(expected), Harnesses.sortedByKey(found), TestLog.repeat());
    }

    private static Drawn sometimesBad(SampleModel model, String id, int n, Random random) {
        Nature nature = n % 9 == 0 ? Nature.SWAPPED : n % 11 == 0 ? Nature.FOREIGN : Nature.CLEAN;
        return model.draw(id, "c" + n % 200, nature, 1, random);
    }

    @Test
    void aFindingAboutOneSampleIsNoAlertAndIsCounted() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(3, BASELINE);
        MODEL.pane(log, 3, 0, 300, random, DetectionTest::sometimesBad);
        log.tickAll(2 * TestLog.PANE);
        MonitorConfig config = config(3, "detect.scores.share=0");
        List<OutputRecord> direct = Harnesses.records(config, log.records());
        List<OutputRecord> merged = Harnesses.output(config, log.records());
        assertEquals(List.of(), decoded(Topics.ALERTS, Alert.class, direct));
        assertEquals(List.of(), decoded(Topics.ALERTS, Alert.class, merged));
        List<SampleScores> scored = decoded(Topics.SCORES, SampleScores.class, direct);
        assertTrue(scored.stream().allMatch(s -> s.getKind() != null), "findings alone");
        AttackEvidence step = decoded(Topics.SCORES, AttackEvidence.class, merged).get(0);
        for (String kind : List.of("ADVERSARIAL", "OUT_OF_DISTRIBUTION")) {
            long found = scored.stream().filter(s -> kind.equals(s.getKind())).count();
            assertTrue(found > 15, kind + ": " + found);
            assertEquals(found, step.getFindings().get(kind));
        }
    }

    @Test
    void aFindingNamesItsEvidence() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(1, BASELINE);
        MODEL.pane(
                log,
                1,
                0,
                20,
                random,
                (model, id, n, r) -> model.draw(id, "mallory", Nature.SWAPPED, 1, r));
        Map<String, SampleScores> found = scores(Harnesses.records(config(1), log.records()));
        assertEquals(20, found.size());
        for (SampleScores each : found.values()) {
            assertEquals("ADVERSARIAL", each.getKind());
            assertEquals("sample-detector-1", each.getDetector());
            assertEquals("mallory", each.getClient());
            assertEquals(BASELINE.id(), each.getBaselineId());
            assertTrue(each.getP() <= 0.01, each.toString());
            int favoured = Integer.parseInt(each.getEvidence().get("favouredClass"));
            assertEquals((each.getPredictedClass() + 1) % 3, favoured);
            assertTrue(each.getText().contains("speak for class " + favoured), each.getText());
            assertTrue(each.getScores().containsKey("msp"), each.toString());
            assertTrue(each.getGuarantee().contains("with probability at most a"));
        }
    }

    @Test
    void anAttackOnTheStreamIsRaisedAndResolved() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(2, BASELINE);
        int attacked = 20;
        for (int p = 0; p < attacked; p++) {
            boolean attack = p >= 6 && p < 16;
            MODEL.pane(log, 2, p, 120, random, (model, id, n, r) -> mixed(model, id, n, attack, r));
        }
        for (int p = attacked; p < attacked + 6; p++) {
            MODEL.pane(log, 2, p, 120, random, CLEAN);
        }
        log.tickAll((attacked + 7) * TestLog.PANE);
        List<Alert> alerts = streamAlerts(config(2), log.records());
        List<Alert> model = of("UNDER_ATTACK", alerts);
        List<Alert> client = of("CLIENT_UNDER_ATTACK", alerts);
        assertEquals(2, model.size(), alerts.toString());
        assertEquals(AlertTransition.RAISED, model.get(0).getTransition());
        assertTrue(model.get(0).getPaneStart() >= 6 * TestLog.PANE);
        assertTrue(
                model.get(0).getStatistic().getLower() >= model.get(0).getThreshold(),
                model.get(0).toString());
        assertEquals(AlertTransition.RESOLVED, model.get(1).getTransition());
        assertEquals(2, client.size());
        assertTrue(model.get(0).getGuarantee().contains("is at most 0.01"), model.toString());
        for (Alert each : client) {
            assertEquals("mallory", each.getEvidence().get("client"));
        }
        requireExamples(model.get(0), null);
        requireExamples(client.get(0), "mallory");
        assertEquals(List.of(), model.get(1).getExamples());
        assertEquals(
                client.get(0).getEvidence().get("clientsStanding"),
                Integer.toString(1),
                client.toString());
        requireReplaysFromEveryThirdStep(config(2), log.records());
    }

    private static void requireExamples(Alert raised, String client) {
        List<SampleExample> examples = raised.getExamples();
        assertEquals(3, examples.size(), raised.toString());
        for (int i = 0; i < 3; i++) {
            SampleExample each = examples.get(i);
            assertTrue(client == null || client.equals(each.getClient()), each.toString());
            assertTrue(i == 0 || each.getStatistic() <= examples.get(i - 1).getStatistic());
            assertTrue(each.getSampleId().startsWith("p"), each.toString());
        }
    }

    /** A run-length test alarms in the end: no alert of its may promise that none ever comes. */
    /** Of two tenants whose clients have one name, one attacks. */
    @Test
    void clientsOfDifferentTenantsAreDifferentClients() throws Exception {
        List<ScoreSummary> counted = counted(config(1));
        assertEquals(
                List.of("a%2Fb", "one/alice", "two/alice", "two%2Falice"),
                counted.get(0).clients().stream().map(HeavyHitters.Entry::client).toList());
        assertEquals(
                List.of(0L, 0L, 6L, 0L),
                counted.get(0).clients().stream().map(HeavyHitters.Entry::exceedances).toList());
        // as in releases whose records do not say
        List<ScoreSummary> byName = counted(config(1, "detect.clients.by.tenant=false"));
        assertEquals(
                List.of("a/b", "alice", "two/alice"),
                byName.get(0).clients().stream().map(HeavyHitters.Entry::client).toList());
    }

    private static List<ScoreSummary> counted(MonitorConfig config) throws Exception {
        Random random = new Random(5);
        TestLog log = new TestLog(1).tickAll(0);
        log.activateAll(MemoryBaselines.add(BASELINE), 0);
        String[][] clients = {
            {null, "a/b"}, {"one", "alice"}, {"two", "alice"}, {null, "two/alice"}
        };
        for (int i = 0; i < 24; i++) {
            String[] who = clients[i % clients.length];
            Nature nature = i % clients.length == 2 ? Nature.SWAPPED : Nature.CLEAN;
            ActivationSnapshot snapshot =
                    SampleModel.snapshot(
                            i, List.of(MODEL.draw("s" + i, who[1], nature, 1, random)));
            Sample sample =
                    Sample.newBuilder(snapshot.getSamples().get(0)).setTenant(who[0]).build();
            log.add(0, ActivationSnapshot.newBuilder(snapshot).setSamples(List.of(sample)).build());
        }
        return Harnesses.summaries(config, log.tickAll(20 * TestLog.SECOND).records()).stream()
                .filter(each -> each.isEntry(EntryId.Kind.SCORES))
                .map(each -> ScoreSummary.fromBytes(each.payload()))
                .toList();
    }

    @Test
    void whatAnAlertPromisesFollowsTheHorizon() {
        AttackTransition raised = new AttackTransition("mallory", true, 9, 8, 1, 0.05, 100, 40);
        String ever = AttackRecords.guarantee(raised, config(1).detection().attack());
        String often =
                AttackRecords.guarantee(
                        raised, config(1, "alert.horizon=run-length").detection().attack());
        assertTrue(ever.contains("ever is at most 0.01 over all models and baselines"), ever);
        assertTrue(often.contains("at least 1/(0.01 - 0.005) panes"), often);
        assertFalse(often.contains("ever is at most"), often);
    }

    /** The recorded steps are links of a chain, and a replay may begin after each. */
    private static void requireReplaysFromEveryThirdStep(
            MonitorConfig config, List<ShardRecord> log) throws Exception {
        List<OutputRecord> whole = stream(Harnesses.output(config, log));
        List<AttackEvidence> steps = decoded(Topics.SCORES, AttackEvidence.class, whole);
        assertEquals(26, steps.size());
        assertNull(steps.get(0).getStateBefore());
        for (int i = 1; i < steps.size(); i++) {
            assertEquals(steps.get(i - 1).getStateAfter(), steps.get(i).getStateBefore());
        }
        for (int i = 1; i < steps.size(); i += 3) {
            long from = steps.get(i).getPaneEnd();
            ReplayStart start =
                    Harnesses.judgedBy(
                            BASELINE.id(),
                            config.shards(),
                            new ReplayStart(from, List.of()).plus(steps.get(i)));
            List<OutputRecord> replayed =
                    stream(Harnesses.replay(config, Harnesses.from(from, log), start));
            assertEquals(
                    Harnesses.after(from, whole),
                    Harnesses.after(from, replayed),
                    "from step " + i + "; " + TestLog.repeat());
        }
    }

    private static List<OutputRecord> stream(List<OutputRecord> records) {
        return records.stream()
                .filter(each -> each.topic() == Topics.SCORES || each.topic() == Topics.ALERTS)
                .toList();
    }

    @Test
    void panesWithoutABaselineChangeNothingButOnce() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(1, BASELINE);
        MODEL.pane(log, 1, 0, 60, random, CLEAN);
        log.activateAll(null, TestLog.PANE);
        for (int p = 1; p < 4; p++) {
            MODEL.pane(log, 1, p, 60, random, CLEAN);
        }
        log.tickAll(6 * TestLog.PANE);
        List<AttackEvidence> steps =
                decoded(
                        Topics.SCORES,
                        AttackEvidence.class,
                        Harnesses.output(config(1), log.records()));
        assertEquals(2, steps.size(), steps.toString());
        assertEquals(60, steps.get(0).getSamples());
        assertEquals(0, steps.get(1).getSamples());
        assertNull(steps.get(1).getBaselineId());
    }

    private static Drawn mixed(SampleModel model, String id, int n, boolean attack, Random random) {
        return attack && n % 2 == 0
                ? model.draw(id, "mallory", Nature.SWAPPED, 1, random)
                : CLEAN.next(model, id, n, random);
    }

    private static List<Alert> streamAlerts(MonitorConfig config, List<ShardRecord> log)
            throws Exception {
        return decoded(Topics.ALERTS, Alert.class, Harnesses.output(config, log));
    }

    private static List<Alert> of(String kind, List<Alert> alerts) {
        return alerts.stream().filter(alert -> alert.getKind().equals(kind)).toList();
    }

    @Test
    void anotherBaselineEndsTheAlertsOfTheFormer() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(1, BASELINE);
        for (int p = 0; p < 12; p++) {
            MODEL.pane(log, 1, p, 60, random, (m, id, n, r) -> mixed(m, id, n, true, r));
        }
        ModelBaseline next = MODEL.baseline(1200, 1, 77);
        log.activateAll(MemoryBaselines.add(next), 12 * TestLog.PANE);
        MODEL.pane(log, 1, 12, 60, random, CLEAN);
        log.tickAll(14 * TestLog.PANE);
        List<Alert> alerts = of("UNDER_ATTACK", streamAlerts(config(1), log.records()));
        assertEquals(2, alerts.size());
        assertEquals(AlertTransition.RESOLVED, alerts.get(1).getTransition());
        assertTrue(alerts.get(1).getText().contains(BASELINE.id()), alerts.get(1).getText());
    }

    /** The growth of every pane, in their order. */
    private static List<GainGrowth> growth(MonitorConfig config, List<ShardRecord> log)
            throws Exception {
        return decoded(Topics.SCORES, GainGrowth.class, Harnesses.output(config, log));
    }

    /** Draws depend on the sample alone, so that logs of other shards hold the same rows. */
    private static TestLog grown(int shards) {
        TestLog log = log(shards, BASELINE);
        for (int p = 0; p < 3; p++) {
            int pane = p;
            MODEL.pane(
                    log,
                    shards,
                    p,
                    240,
                    new Random(p),
                    (m, id, n, r) -> maybeSteep(m, id, pane, n));
        }
        return log.tickAll(5 * TestLog.PANE);
    }

    /** In the second pane every fourth sample answers more loudly than its input explains. */
    private static Drawn maybeSteep(SampleModel model, String id, int pane, int n) {
        Drawn drawn = model.draw(id, null, Nature.CLEAN, 1, new Random(1000L * pane + n));
        if (pane == 1 && n % 4 == 0) {
            float[] logits = drawn.rows()[0][2];
            for (int k = 0; k < logits.length; k++) {
                logits[k] *= 4 + n % 5;
            }
        }
        return drawn;
    }

    @Test
    void trafficOutgrowsTheProfileInItsOwnPaneAlone() throws Exception {
        byte[] before = BASELINE.detector().orElseThrow().toBytes();
        List<GainGrowth> one = growth(config(1), grown(1).records());
        assertEquals(3, one.size());
        assertTrue(one.get(1).getLogVolume() > one.get(0).getLogVolume() + 0.5, one.toString());
        assertTrue(one.get(1).getOutside() > one.get(0).getOutside(), one.toString());
        // The profile in force has not moved, nor is the foreign traffic remembered.
        assertTrue(one.get(2).getLogVolume() < one.get(1).getLogVolume() - 0.5, one.toString());
        assertArrayEquals(before, BASELINE.detector().orElseThrow().toBytes());
        for (GainGrowth each : one) {
            assertEquals(BASELINE.id(), each.getBaselineId());
            assertTrue(each.getRows() > 200 && each.getRows() <= 240, each.toString());
            assertTrue(each.getViolations() <= each.getOutside());
        }
        for (int shards : new int[] {2, 5}) {
            List<GainGrowth> many = growth(config(shards), grown(shards).records());
            assertEquals(many, growth(config(shards), grown(shards).records()), "again");
            for (int p = 0; p < 3; p++) {
                assertEquals(one.get(p).getRows(), many.get(p).getRows());
                assertEquals(one.get(p).getOutside(), many.get(p).getOutside());
                assertEquals(one.get(p).getViolations(), many.get(p).getViolations());
                // Points are dropped within a twentieth of the boundary.
                assertEquals(one.get(p).getLogVolume(), many.get(p).getLogVolume(), 0.05);
            }
        }
        assertTrue(growth(config(1, "detect.gain.points=0"), grown(1).records()).isEmpty());
    }

    @Test
    void anOpenPaneKeepsTheLimitItBeganWithAcrossARestart() throws Exception {
        List<ShardRecord> log = grown(1).records();
        int middle = log.size() / 2;
        List<GainGrowth> before = growth(config(1), log);
        for (int points : new int[] {0, 8}) {
            MonitorConfig fewer = config(1, "detect.gain.points=" + points);
            List<GainGrowth> expected = new ArrayList<>(before.subList(0, 2));
            List<GainGrowth> after = growth(fewer, log);
            expected.addAll(after.subList(Math.min(2, after.size()), after.size()));
            List<ShardMessage> messages = new ArrayList<>();
            OperatorSubtaskState state;
            try (var harness = Harnesses.monitor(config(1), 1, 0)) {
                harness.open();
                for (ShardRecord record : log.subList(0, middle)) {
                    harness.processElement(record, 0);
                }
                state = Harnesses.checkpoint(harness, 1);
                messages.addAll(harness.extractOutputValues());
            }
            try (var harness = Harnesses.monitor(fewer, 1, 0)) {
                harness.initializeState(state);
                harness.open();
                for (ShardRecord record : log.subList(middle, log.size())) {
                    harness.processElement(record, 0);
                }
                messages.addAll(harness.extractOutputValues());
            }
            assertEquals(
                    expected,
                    decoded(Topics.SCORES, GainGrowth.class, Harnesses.merged(fewer, messages)));
        }
    }

    @Test
    void layersThatAreMissingAreCountedAndHarmNothing() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(1, BASELINE);
        Drawn drawn = MODEL.draw("a", null, Nature.CLEAN, 1, random);
        var whole = SampleModel.snapshot(1, List.of(drawn));
        var part =
                ActivationSnapshot.newBuilder(SampleModel.snapshot(2, List.of(drawn)))
                        .setLayers(whole.getLayers().subList(0, 2))
                        .build();
        log.add(0, whole);
        log.add(0, part);
        log.tickAll(2 * TestLog.PANE);
        MonitorConfig config = config(1);
        ScoreSummary scores =
                Harnesses.summaries(config, log.records()).stream()
                        .filter(each -> each.isEntry(EntryId.Kind.SCORES))
                        .map(each -> ScoreSummary.fromBytes(each.payload()))
                        .findFirst()
                        .orElseThrow();
        assertEquals(1, scores.samples());
        assertEquals(1, scores.unscored());
        assertEquals(
                3,
                Harnesses.sketches(config, log.records()).stream()
                        .filter(
                                record ->
                                        Wire.decode(record.value())
                                                instanceof io.spectrawatch.schemas.LayerSketch)
                        .count());
    }
}
