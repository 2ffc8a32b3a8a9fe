package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.calibrate.CalibrateJob;
import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.config.CertificateDefinition;
import io.spectrawatch.flink.calibrate.config.DetectorDefinition;
import io.spectrawatch.flink.calibrate.config.WindowDefinition;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Calibrates what the monitor judges by from one run's log, and publishes it for others. */
final class BenchBaselines {

    private static final int MOST_RANK = 32;
    private static final int MOST_GROUPS = 8;
    private static final String POOL_ROWS = "2048";
    private static final String DETECT_SAMPLES = "20000";

    /** Samples a detector is fitted on where they are large. */
    private static final long FITTED = 650;

    /** Layers that a detector needs. */
    private static final int FEWEST_LAYERS = 2;

    /** For ids and names; more than they take. */
    private static final int SAMPLE_HEAD_BYTES = 1_024;

    /** What the setting allows. */
    private static final long MOST_SET = 1L << 30;

    private final Map<String, Object> client;
    private final PipelineOptions options;
    private final BenchTopics reference;

    BenchBaselines(Map<String, Object> client, PipelineOptions options, BenchTopics reference) {
        this.client = client;
        this.options = options;
        this.reference = reference;
    }

    /**
     * Makes sure, before anything is sent, that a detector can be fitted on samples of this size.
     *
     * @throws IllegalArgumentException if this process's heap has no room for them
     */
    static void requireRoom(PipelineOptions options) {
        long needed = FITTED * sampleBytes(options, FEWEST_LAYERS);
        if (needed > mostBytes()) {
            throw new IllegalArgumentException(
                    FITTED
                            + " samples of "
                            + options.rowsPerSample()
                            + " rows in "
                            + FEWEST_LAYERS
                            + " layers, as a detector needs them, may take "
                            + mostBytes()
                            + " bytes in this process, found "
                            + needed
                            + "; take fewer rows per sample, or more heap"
                            + " (SPECTRAWATCH_JAVA_OPTS=-Xmx...)");
        }
    }

    private static long mostBytes() {
        long heap = Runtime.getRuntime().maxMemory();
        return Math.min(MOST_SET, CalibrateSettings.Detecting.mostBytes(heap));
    }

    /** A baseline for certificates alone; publishes it under every prefix. */
    String certificates(List<BenchTopics> readers) throws Exception {
        CalibrationResult result = calibrate("0");
        if (result.baseline() == null || result.interfaces().isEmpty()) {
            throw new CalibrationException("the benchmark's rows give no interface");
        }
        return publish(result, "0", readers);
    }

    /** A baseline for certificates and scores; publishes it under every prefix. */
    String everything(List<BenchTopics> readers) throws Exception {
        CalibrationResult result = calibrate(DETECT_SAMPLES);
        if (!result.detector().accepted()) {
            throw new CalibrationException(
                    "the benchmark's rows give no detector: " + result.detector().refusal());
        }
        return publish(result, DETECT_SAMPLES, readers);
    }

    private CalibrationResult calibrate(String samples) throws Exception {
        Configuration flink = new Configuration();
        flink.set(TaskManagerOptions.NUM_TASK_SLOTS, options.parallelism());
        CalibrationResult result =
                CalibrateJob.run(
                        StreamExecutionEnvironment.createLocalEnvironment(
                                options.parallelism(), flink),
                        config(reference, samples),
                        null,
                        stage -> {});
        if (!result.accepted()) {
            throw new CalibrationException(result.refusal());
        }
        return result;
    }

    private String publish(CalibrationResult result, String samples, List<BenchTopics> readers)
            throws Exception {
        String id = null;
        for (BenchTopics reader : readers) {
            id = CalibrateJob.publish(result, config(reader, samples)).getBaselineId();
        }
        return id;
    }

    private CalibrateConfig config(BenchTopics topics, String samples) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put(CalibrateDefinition.TOPIC_PREFIX.key(), topics.prefix());
        settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(options.shards()));
        settings.put(
                CalibrateDefinition.PARALLELISM.key(), Integer.toString(options.parallelism()));
        settings.put(CalibrateDefinition.MODEL_ID.key(), BenchSnapshots.MODEL);
        settings.put(CalibrateDefinition.MODEL_VERSION.key(), BenchSnapshots.VERSION);
        settings.put(
                CalibrateDefinition.OFFSETS_START.key(),
                reference.partitions("").stream()
                        .map(each -> each.partition() + ":0")
                        .collect(Collectors.joining(",")));
        settings.put(CalibrateDefinition.OFFSETS_END.key(), reference.endsText(Topics.VALIDATED));
        int half = options.columns() / 2;
        settings.put(
                WindowDefinition.WINDOW_RANK.key(), Integer.toString(Math.min(MOST_RANK, half)));
        settings.put(
                CertificateDefinition.GROUPS.key(), Integer.toString(Math.min(MOST_GROUPS, half)));
        settings.put(CertificateDefinition.POOL_ROWS.key(), POOL_ROWS);
        settings.put(DetectorDefinition.DETECT_SAMPLES.key(), samples);
        settings.put(
                DetectorDefinition.DETECT_MEMORY.key(),
                Long.toString(FITTED * sampleBytes(options, judged().size())));
        settings.put(DetectorDefinition.DETECT_LAYERS.key(), String.join(",", judged()));
        return CalibrateConfig.fromMap(settings, client);
    }

    /** As many of the last layers as there is room for. */
    private List<String> judged() {
        int layers = options.layers();
        while (layers > FEWEST_LAYERS && FITTED * sampleBytes(options, layers) > mostBytes()) {
            layers--;
        }
        return IntStream.range(options.layers() - layers, options.layers())
                .mapToObj(BenchSnapshots::layer)
                .toList();
    }

    /** What calibrating holds of a sample. */
    private static long sampleBytes(PipelineOptions options, int layers) {
        return SAMPLE_HEAD_BYTES
                + (long) options.rowsPerSample() * layers * options.columns() * Float.BYTES;
    }

    /** The record that puts a baseline in force from the first pane of a run on. */
    static byte[] activation(String baselineId, BenchTopics topics) {
        return Wire.encode(
                new Activate(
                        BenchSnapshots.MODEL,
                        BenchSnapshots.VERSION,
                        baselineId,
                        topics.start(),
                        "bench",
                        null));
    }
}
