package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Certificates across restores, in the middle of panes and of pools. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class CertificateStateTest {

    private static final int SHARDS = 3;
    private static final MonitorConfig CONFIG =
            Harnesses.config(SHARDS, "alert.streams=1", "alert.alpha=0.3", "alert.calm.panes=1");

    private static List<ShardRecord> log;
    private static List<ShardMessage> messages;
    private static Map<String, List<String>> expected;

    /** Drift and a change of the baseline in the middle, and snapshots that do not pair. */
    @BeforeAll
    static void run() throws Exception {
        String id = MemoryBaselines.add(new ChainModel().baseline());
        String next =
                MemoryBaselines.add(
                        new ChainModel()
                                .baseline(
                                        TestLog.DIGEST,
                                        ChainModel.options().withTolerances(.25, .008)));
        ChainModel model = new ChainModel();
        Random random = new Random(TestLog.seed());
        ChainLog built =
                new ChainLog(SHARDS)
                        .activate(id)
                        .panes(1, model)
                        .panes(16, new ChainModel().driftInput(2));
        for (int i = 0; i < 9; i++) {
            long at = 17 * TestLog.PANE + i;
            built.add(model.snapshot(at, random));
            built.add(CertificateRefusalTest.unpaired(model.snapshot(at, random), i));
        }
        built.panes(1, model).activate(next).panes(4, model);
        log = built.records();
        messages = Harnesses.summaries(CONFIG, log);
        List<OutputRecord> output = Harnesses.merged(CONFIG, messages);
        assertTrue(Harnesses.of(Topics.ALERTS, output).size() >= 2, TestLog.repeat());
        expected = Harnesses.byKey(output);
    }

    @Test
    void aShardThatIsRestoredAnywhereChangesNoByte() throws Exception {
        List<String> undisturbed = Restarts.sorted(messages);
        // Steps of a prime, so that cuts fall inside blocks, panes and around activations.
        for (int cut = 1; cut < log.size(); cut += 97) {
            List<ShardMessage> out = Restarts.ofMonitor(CONFIG, log, cut);
            assertEquals(
                    undisturbed, Restarts.sorted(out), "cut at " + cut + "; " + TestLog.repeat());
        }
    }

    @Test
    void aSecondCheckpointHoldsWhatChangedSinceTheFirst() throws Exception {
        int half = log.size() / 2;
        try (var first = Harnesses.monitor(CONFIG, 1, 0)) {
            first.open();
            Restarts.feed(first, log.subList(0, half - 30));
            Harnesses.checkpoint(first, 1);
            Restarts.feed(first, log.subList(half - 30, half));
            OperatorSubtaskState state = Harnesses.checkpoint(first, 2);
            List<ShardMessage> out = new ArrayList<>(first.extractOutputValues());
            try (var second = Harnesses.monitor(CONFIG, 1, 0)) {
                second.initializeState(state);
                second.open();
                Restarts.feed(second, log.subList(half, log.size()));
                out.addAll(second.extractOutputValues());
            }
            assertEquals(Restarts.sorted(messages), Restarts.sorted(out), TestLog.repeat());
        }
    }

    @Test
    void aMergerThatIsRestoredInTheMiddleOfAPoolAndRescaledChangesNoByte() throws Exception {
        for (int cut = 1; cut < messages.size(); cut += 71) {
            List<OutputRecord> out = Restarts.ofMerger(CONFIG, messages, cut);
            assertEquals(expected, Harnesses.byKey(out), "cut at " + cut + TestLog.repeat());
        }
    }

    @Test
    void nothingButClocksIsLeftOfClosedPanes() throws Exception {
        try (var harness = Harnesses.monitor(CONFIG, 1, 0)) {
            harness.open();
            Restarts.feed(harness, log.subList(0, log.size() / 2));
            long half = Harnesses.checkpoint(harness, 1).getStateSize();
            Restarts.feed(harness, log.subList(log.size() / 2, log.size()));
            long end = Harnesses.checkpoint(harness, 2).getStateSize();
            assertTrue(end < half / 4, half + " then " + end);
        }
    }
}
