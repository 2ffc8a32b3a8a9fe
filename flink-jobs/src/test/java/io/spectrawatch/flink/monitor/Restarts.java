package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** Operators that end in the middle and are restored from a checkpoint, and what both say. */
@SuppressWarnings("try")
public // Harnesses declare that closing may be interrupted.
final class Restarts {

    /** Records that are lost with the task, after its last checkpoint. */
    private static final int LOST = 40;

    private Restarts() {}

    /** What a monitor says of a log when it is restored at a cut. */
    public static List<ShardMessage> ofMonitor(MonitorConfig config, List<ShardRecord> log, int cut)
            throws Exception {
        List<ShardMessage> out = new ArrayList<>();
        OperatorSubtaskState state;
        try (var first = Harnesses.monitor(config, 1, 0)) {
            first.open();
            feed(first, log.subList(0, cut));
            out.addAll(first.extractOutputValues());
            state = Harnesses.checkpoint(first, 1);
            feed(first, log.subList(cut, Math.min(log.size(), cut + LOST)));
        }
        try (var second = Harnesses.monitor(config, 1, 0)) {
            second.initializeState(state);
            second.open();
            feed(second, log.subList(cut, log.size()));
            out.addAll(second.extractOutputValues());
        }
        return out;
    }

    /** What a monitor says of a log to the merger, and by itself. */
    public record Said(List<ShardMessage> messages, List<OutputRecord> records) {}

    /**
     * What a monitor says of a log when it ends again and again.
     *
     * @param longest records between two checkpoints at most
     */
    public static Said ofMonitor(
            MonitorConfig config, List<ShardRecord> log, Random random, int longest)
            throws Exception {
        Said said = new Said(new ArrayList<>(), new ArrayList<>());
        OperatorSubtaskState state = null;
        int at = 0;
        while (at < log.size()) {
            try (var harness = Harnesses.monitor(config, 1, 0)) {
                if (state != null) {
                    harness.initializeState(state);
                }
                harness.open();
                int until = Math.min(log.size(), at + 1 + random.nextInt(longest));
                feed(harness, log.subList(at, until));
                at = until;
                state = Harnesses.checkpoint(harness, at);
                said.messages().addAll(harness.extractOutputValues());
                said.records().addAll(Harnesses.sideOutput(harness));
            }
        }
        return said;
    }

    /** What a merger says of messages when it is restored at a cut as two subtasks. */
    public static List<OutputRecord> ofMerger(
            MonitorConfig config, List<ShardMessage> messages, int cut) throws Exception {
        int max = config.maxParallelism();
        SpreadKeys keys = new SpreadKeys(config.mergeBuckets(), max);
        List<OutputRecord> out = new ArrayList<>();
        OperatorSubtaskState one;
        try (var harness = Harnesses.merger(config, 1, 0)) {
            harness.open();
            for (ShardMessage message : messages.subList(0, cut)) {
                harness.processElement(message, 0);
            }
            out.addAll(harness.extractOutputValues());
            one = Harnesses.checkpoint(harness, 1);
        }
        for (int subtask = 0; subtask < 2; subtask++) {
            try (var harness = Harnesses.merger(config, 2, subtask)) {
                harness.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                one, max, 1, 2, subtask));
                harness.open();
                for (ShardMessage message : messages.subList(cut, messages.size())) {
                    int key = keys.key(message.bucket());
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(key, max, 2)
                            == subtask) {
                        harness.processElement(message, 0);
                    }
                }
                out.addAll(harness.extractOutputValues());
            }
        }
        return out;
    }

    public static void feed(
            KeyedOneInputStreamOperatorTestHarness<Integer, ShardRecord, ShardMessage> harness,
            List<ShardRecord> records)
            throws Exception {
        for (ShardRecord record : records) {
            harness.processElement(record, 0);
        }
    }

    /** Messages without their order, which may differ between tasks. */
    public static List<String> sorted(List<ShardMessage> messages) {
        return messages.stream()
                .map(message -> message.bucket() + ":" + Harnesses.hex(message.payload()))
                .sorted()
                .toList();
    }
}
