package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.baseline.Baselines;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.flink.monitor.merge.WindowMerger;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.monitor.shard.ShardMonitor;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The two operators in Flink's harness, and helpers to compare what they put out. */
@SuppressWarnings("try")
public // Harnesses declare that closing may be interrupted.
final class Harnesses {

    private Harnesses() {}

    /**
     * Small sketches, so that the tests' layers truncate; the deep layer by Frequent Directions.
     */
    public static MonitorConfig config(int shards, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(MonitorDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(shards));
        settings.put(SketchDefinition.SKETCH_ROWS.key(), "6");
        settings.put(SketchDefinition.BLOCK_ROWS.key(), "8");
        settings.put(SketchDefinition.KERNELS.key(), "host");
        settings.put(MonitorDefinition.MERGE_BUCKETS.key(), "5");
        settings.put(SketchDefinition.BASIS_VECTORS.key(), "4");
        settings.put(SketchDefinition.SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS.key(), "*/5");
        settings.put(SketchDefinition.PUBLISH_SKETCH.key(), "true");
        settings.putAll(TestLog.settings(more));
        return MonitorConfig.fromMap(settings);
    }

    public static KeyedOneInputStreamOperatorTestHarness<Integer, ShardRecord, ShardMessage>
            monitor(MonitorConfig config, int parallelism, int subtask) throws Exception {
        return monitor(config, parallelism, subtask, ReplayStart.NOTHING);
    }

    public static KeyedOneInputStreamOperatorTestHarness<Integer, ShardRecord, ShardMessage>
            monitor(MonitorConfig config, int parallelism, int subtask, ReplayStart start)
                    throws Exception {
        SpreadKeys keys = new SpreadKeys(config.shards(), config.maxParallelism());
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new ShardMonitor(
                        config.sketchSettings(),
                        config.detection(),
                        new MemoryBaselines(),
                        keys,
                        config.shards(),
                        config.mergeBuckets(),
                        start),
                record -> keys.key(record.shard()),
                Types.INT,
                config.maxParallelism(),
                parallelism,
                subtask);
    }

    static KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, OutputRecord> merger(
            MonitorConfig config, int parallelism, int subtask) throws Exception {
        return merger(config, parallelism, subtask, ReplayStart.NOTHING);
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, OutputRecord>
            merger(MonitorConfig config, int parallelism, int subtask, ReplayStart start)
                    throws Exception {
        SpreadKeys keys = new SpreadKeys(config.mergeBuckets(), config.maxParallelism());
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(
                        new WindowMerger(
                                config.sketchSettings(),
                                config.alerts(),
                                config.detection(),
                                new MemoryBaselines(),
                                config.shards(),
                                config.mergeBuckets(),
                                start)),
                message -> keys.key(message.bucket()),
                Types.INT,
                config.maxParallelism(),
                parallelism,
                subtask);
    }

    public static List<ShardMessage> summaries(MonitorConfig config, List<ShardRecord> log)
            throws Exception {
        try (var harness = monitor(config, 1, 0)) {
            harness.open();
            for (ShardRecord record : log) {
                harness.processElement(record, 0);
            }
            return harness.extractOutputValues();
        }
    }

    /** Scores and alerts of samples, which the first operator sends by itself. */
    public static List<OutputRecord> records(MonitorConfig config, List<ShardRecord> log)
            throws Exception {
        try (var harness = monitor(config, 1, 0)) {
            harness.open();
            for (ShardRecord record : log) {
                harness.processElement(record, 0);
            }
            return sideOutput(harness);
        }
    }

    static List<OutputRecord> sideOutput(AbstractStreamOperatorTestHarness<?> harness) {
        List<OutputRecord> records = new ArrayList<>();
        if (harness.getSideOutput(ShardMonitor.RECORDS) != null) {
            harness.getSideOutput(ShardMonitor.RECORDS)
                    .forEach(element -> records.add(element.getValue()));
        }
        return records;
    }

    public static List<OutputRecord> merged(MonitorConfig config, List<ShardMessage> messages)
            throws Exception {
        try (var harness = merger(config, 1, 0)) {
            harness.open();
            for (ShardMessage message : messages) {
                harness.processElement(message, 0);
            }
            return harness.extractOutputValues();
        }
    }

    /** Both operators, undisturbed, on one subtask each. */
    public static List<OutputRecord> output(MonitorConfig config, List<ShardRecord> log)
            throws Exception {
        return merged(config, summaries(config, log));
    }

    /** Both operators over a part of a log, as a replay runs them. */
    public static List<OutputRecord> replay(
            MonitorConfig config, List<ShardRecord> log, ReplayStart start) throws Exception {
        try (var harness = merger(config, 1, 0, start)) {
            harness.open();
            for (ShardMessage message : summaries(config, begun(log, start))) {
                harness.processElement(message, 0);
            }
            return harness.extractOutputValues();
        }
    }

    /** The same beginning, with a baseline in force on every shard. */
    public static ReplayStart judgedBy(String baselineId, int shards, ReplayStart start) {
        ReplayStart judged = start;
        for (int shard = 0; shard < shards; shard++) {
            judged =
                    judged.plus(
                            shard,
                            new Activate(
                                    TestLog.MODEL,
                                    TestLog.VERSION,
                                    baselineId,
                                    Long.MIN_VALUE,
                                    "audit",
                                    null));
        }
        return judged;
    }

    /** What a replay that starts there makes of a part of a log before the first operator. */
    public static List<ShardRecord> begun(List<ShardRecord> log, ReplayStart start) {
        List<ShardRecord> input = new ArrayList<>();
        ReplayInput begin = new ReplayInput(start);
        ListCollector<ShardRecord> out = new ListCollector<>(input);
        log.forEach(record -> begin.flatMap(record, out));
        return input;
    }

    /** The records of each shard from the last tick before a pane on. */
    public static List<ShardRecord> from(long start, List<ShardRecord> log) {
        Map<Integer, Long> begin = new HashMap<>();
        for (ShardRecord record : log) {
            if (Wire.decode(record.value()) instanceof Tick tick && tick.getTime() < start) {
                begin.put(record.shard(), record.offset());
            }
        }
        return log.stream()
                .filter(each -> each.offset() >= begin.getOrDefault(each.shard(), 0L))
                .toList();
    }

    /** Records of panes, pools and alerts that begin at a moment or later, in a form to compare. */
    public static List<String> after(long from, List<OutputRecord> records) {
        List<String> later = new ArrayList<>();
        for (OutputRecord record : records) {
            if (record.timestamp() * 1000 > from) {
                later.add(record.topic() + " " + hex(record.value()));
            }
        }
        return later;
    }

    /** What both operators write into the topic of sketches. */
    public static List<OutputRecord> sketches(MonitorConfig config, List<ShardRecord> log)
            throws Exception {
        return of(Topics.SKETCHES, output(config, log));
    }

    public static List<OutputRecord> of(Topics topic, List<OutputRecord> records) {
        return records.stream().filter(record -> record.topic() == topic).toList();
    }

    /** Tools of operators that need no baseline. */
    public static SubtaskKernels tools(MonitorConfig config) {
        return new SubtaskKernels(
                config.sketchSettings(), new Baselines(new MemoryBaselines(), () -> {}));
    }

    /** A checkpoint as the task makes it: working copies first, then the state. */
    public static OperatorSubtaskState checkpoint(
            AbstractStreamOperatorTestHarness<?> harness, long id) throws Exception {
        harness.prepareSnapshotPreBarrier(id);
        return harness.snapshot(id, id);
    }

    /** Values in order per key, in a form that compares by content. */
    public static Map<String, List<String>> byKey(List<OutputRecord> records) {
        Map<String, List<String>> byKey = new TreeMap<>();
        for (OutputRecord record : records) {
            byKey.computeIfAbsent(
                            record.topic() + " " + new String(record.key(), StandardCharsets.UTF_8),
                            k -> new ArrayList<>())
                    .add(record.timestamp() + ":" + hex(record.value()));
        }
        return byKey;
    }

    /** Order within a key is that of the log per shard; between shards it is free. */
    public static Map<String, List<String>> sortedByKey(List<OutputRecord> records) {
        Map<String, List<String>> byKey = byKey(records);
        byKey.values().forEach(Collections::sort);
        return byKey;
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
