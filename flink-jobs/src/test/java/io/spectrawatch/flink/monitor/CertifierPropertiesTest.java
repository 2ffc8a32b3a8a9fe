package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.certify.Certifier;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever panes come, each has its record and no row is lost: panes with and without rows, layers
 * of other widths, baselines that change at other panes on other shards, restarts anywhere.
 */
class CertifierPropertiesTest {

    private static final int LOGS = Integer.getInteger("spectrawatch.logs", 25);
    private static final int PANES = 14;
    private static final String UNREADABLE = "0".repeat(63) + "1";

    /** Baselines by id; the unreadable one has no content. */
    private static final Map<String, ModelBaseline> BASELINES = new TreeMap<>();

    private static final List<String> IDS = new ArrayList<>();

    @BeforeAll
    static void calibrate() {
        ModelBaseline both = new ChainModel().baseline();
        add(both);
        add(
                new ChainModel()
                        .baseline(TestLog.DIGEST, ChainModel.options().withTolerances(.25, .008)));
        // The same interfaces inside another baseline, and one of them alone.
        add(with(both, both.digest(), both.interfaces(), 1));
        add(with(both, both.digest(), both.interfaces().subList(1, 2), 2));
        add(with(both, "other weights", both.interfaces(), 3));
        MemoryBaselines.add(UNREADABLE, new byte[] {1, 2, 3});
        IDS.add(UNREADABLE);
    }

    private static void add(ModelBaseline baseline) {
        String id = MemoryBaselines.add(baseline);
        BASELINES.put(id, baseline);
        IDS.add(id);
    }

    private static ModelBaseline with(
            ModelBaseline from, String digest, List<ModelInterface> interfaces, long rows) {
        return new ModelBaseline(
                from.model(),
                from.version(),
                digest,
                from.layers(),
                interfaces,
                null,
                new Provenance(List.of(), ChainModel.SPLIT_SEED, rows));
    }

    @Test
    void everyPaneHasARecordAndNoRowIsLost() throws Exception {
        int ended = 0;
        int certified = 0;
        for (int i = 0; i < LOGS; i++) {
            long seed = TestLog.seed() + i;
            String repeat =
                    "repeat with mvn -pl flink-jobs test -Dtest=CertifierPropertiesTest"
                            + " -Dspectrawatch.logs=1 -Dspectrawatch.seed="
                            + seed;
            Random random = new Random(seed);
            int shards = 1 + random.nextInt(3);
            MonitorConfig config =
                    Harnesses.config(
                            shards,
                            "sketch.kind.frequent-directions.layers=",
                            "alert.alpha=0.3",
                            "alert.streams=1",
                            "alert.calm.panes=1");
            TestLog log = log(shards, random);
            List<ShardMessage> messages = Harnesses.summaries(config, log.records());
            List<OutputRecord> output = Harnesses.merged(config, messages);
            List<InterfaceCertificate> records =
                    Harnesses.of(Topics.CERTIFICATES, output).stream()
                            .map(each -> Wire.decode(each.value(), InterfaceCertificate.class))
                            .toList();
            assertComplete(Entered.of(messages), records, repeat);
            ended += (int) records.stream().filter(CertifierPropertiesTest::ended).count();
            certified += (int) records.stream().filter(r -> r.getFindings() != null).count();

            List<ShardMessage> restarted =
                    Restarts.ofMonitor(config, log.records(), random, 60).messages();
            assertEquals(Restarts.sorted(messages), Restarts.sorted(restarted), repeat);
            int cut = random.nextInt(messages.size());
            assertEquals(
                    Harnesses.byKey(output),
                    Harnesses.byKey(Restarts.ofMerger(config, messages, cut)),
                    "cut at " + cut + "; " + repeat);
        }
        // So that the sequences are known to reach what they are about.
        assertTrue(ended >= LOGS && certified >= LOGS, ended + " and " + certified);
    }

    private static boolean ended(InterfaceCertificate record) {
        return record.getFindings() == null && record.getRows() > 0;
    }

    /** Panes of all kinds; at the end a baseline under which no pool stays open. */
    private static TestLog log(int shards, Random random) {
        ChainModel model = new ChainModel().driftInput(random.nextInt(3) == 0 ? 2 : 0);
        TestLog log = new TestLog(shards).tickAll(0);
        log.activateAll(IDS.get(random.nextInt(IDS.size())), 0);
        for (int pane = 0; pane < PANES; pane++) {
            int kind = random.nextInt(6);
            int snapshots = kind == 0 ? random.nextInt(3) : 25 + random.nextInt(30);
            String next = random.nextInt(4) == 0 ? IDS.get(random.nextInt(IDS.size())) : null;
            int[] at = random.ints(shards, 0, snapshots + 1).toArray();
            boolean together = random.nextBoolean();
            for (int i = 0; i <= snapshots; i++) {
                for (int shard = 0; shard < shards && next != null; shard++) {
                    if (i == (together ? 0 : at[shard])) {
                        log.activate(shard, next, pane * TestLog.PANE);
                    }
                }
                if (i < snapshots) {
                    long time = pane * TestLog.PANE + i;
                    ActivationSnapshot whole = model.snapshot(time, random);
                    log.add(random.nextInt(shards), snapshot(whole, kind, i, random));
                }
            }
            log.tickAll((pane + 1) * TestLog.PANE);
        }
        log.activateAll(UNREADABLE, PANES * TestLog.PANE);
        log.add(0, model.snapshot(PANES * TestLog.PANE, random));
        return log.tickAll((PANES + 1) * TestLog.PANE + TestLog.LATENESS);
    }

    private static ActivationSnapshot snapshot(
            ActivationSnapshot whole, int kind, int number, Random random) {
        if (kind == 1 || kind == 2 && random.nextInt(4) == 0) {
            return CertificateRefusalTest.unpaired(whole, number);
        }
        if (kind == 3 && random.nextInt(20) == 0) {
            List<Layer> wide = List.of(TestLog.layer("block", 1, 17, 3, random));
            return ActivationSnapshot.newBuilder(whole).setLayers(wide).build();
        }
        return whole;
    }

    /** What the shards say of each pane. */
    private static final class Entered {
        private final TreeMap<Integer, ModelInput> inputs = new TreeMap<>();
        private final TreeMap<Integer, Long> rows = new TreeMap<>();
        private boolean refused;

        static TreeMap<Pane, Entered> of(List<ShardMessage> messages) {
            TreeMap<Pane, Entered> panes = new TreeMap<>();
            for (ShardMessage message : messages) {
                byte[] payload = message.payload();
                if (message.isEntry(EntryId.Kind.INTERFACE)) {
                    InterfaceSummary summary = InterfaceSummary.fromBytes(payload);
                    ModelInterface each =
                            BASELINES.get(summary.baselineId()).interfaces().get(summary.index());
                    long rows =
                            InterfaceMoments.fromBytes(
                                            summary.moments(),
                                            each.certificate().windowX(),
                                            each.certificate().windowY())
                                    .rows();
                    at(panes, summary.pane()).rows.merge(summary.index(), rows, Long::sum);
                } else if (message.isEntry(EntryId.Kind.JUDGEMENT)) {
                    JudgementSummary judgement = JudgementSummary.fromBytes(payload);
                    at(panes, judgement.pane()).refused |= judgement.refusal() != null;
                } else if (message.kind() == ShardMessage.Kind.CLOSED) {
                    ShardClosed mark = ShardClosed.fromBytes(payload);
                    mark.inputs().forEach(i -> at(panes, i.pane()).inputs.put(mark.shard(), i));
                }
            }
            return panes;
        }

        private static Entered at(TreeMap<Pane, Entered> panes, Pane pane) {
            return panes.computeIfAbsent(pane, p -> new Entered());
        }

        private List<String> ids() {
            return inputs.values().stream().map(ModelInput::baselineId).distinct().toList();
        }
    }

    private static void assertComplete(
            TreeMap<Pane, Entered> panes, List<InterfaceCertificate> records, String repeat) {
        TreeMap<String, Long> expected = new TreeMap<>();
        for (Map.Entry<Pane, Entered> each : panes.entrySet()) {
            Entered entered = each.getValue();
            ModelBaseline baseline = BASELINES.get(entered.ids().get(0));
            List<ModelInterface> interfaces = baseline == null ? List.of() : baseline.interfaces();
            if (baseline == null) {
                assertCovered(Certifier.ALL_INTERFACES, each.getKey(), records, repeat);
            }
            boolean judged = entered.ids().size() == 1 && !entered.refused;
            for (int i = 0; i < interfaces.size(); i++) {
                String name = interfaces.get(i).name();
                assertCovered(name, each.getKey(), records, repeat);
                long rows = judged ? entered.rows.getOrDefault(i, 0L) : 0;
                expected.merge(name, rows, Long::sum);
            }
        }
        expected.values().removeIf(rows -> rows == 0);
        TreeMap<String, Long> found = new TreeMap<>();
        records.forEach(r -> found.merge(r.getInterfaceName(), r.getRows(), Long::sum));
        found.values().removeIf(rows -> rows == 0);
        assertEquals(expected, found, repeat);
    }

    private static void assertCovered(
            String name, Pane pane, List<InterfaceCertificate> records, String repeat) {
        assertTrue(
                records.stream()
                        .anyMatch(
                                each ->
                                        each.getInterfaceName().equals(name)
                                                && each.getPaneStart() <= pane.start()
                                                && each.getPaneEnd() >= pane.end()),
                () -> "no record of " + name + " in the pane from " + pane.start() + "; " + repeat);
    }
}
