package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.baseline.BaselineOrigin;
import io.spectrawatch.flink.baseline.BaselinePublisher;
import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.config.DetectorDefinition;
import io.spectrawatch.flink.calibrate.config.PinnedRange;
import io.spectrawatch.flink.calibrate.moment.InterfaceMerge;
import io.spectrawatch.flink.calibrate.moment.InterfaceOutcome;
import io.spectrawatch.flink.calibrate.moment.ShardMoments;
import io.spectrawatch.flink.calibrate.sample.DetectorMerge;
import io.spectrawatch.flink.calibrate.sample.DetectorOutcome;
import io.spectrawatch.flink.calibrate.sample.ShardSamples;
import io.spectrawatch.flink.calibrate.stage.Stages;
import io.spectrawatch.flink.calibrate.window.FirstStage;
import io.spectrawatch.flink.calibrate.window.ReferenceWindows;
import io.spectrawatch.flink.calibrate.window.WindowMerge;
import io.spectrawatch.flink.calibrate.window.WindowSketches;
import io.spectrawatch.flink.log.LogSettings;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.ValidatedLog;
import io.spectrawatch.flink.settings.Arguments;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.weights.HeadPublisher;
import io.spectrawatch.flink.weights.HeadSource;
import io.spectrawatch.schemas.BaselineEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Freezes what one version of a model is judged by, from a trusted range of the validated log.
 *
 * <pre>{@code
 * StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
 * CalibrationResult result = CalibrateJob.run(env, CalibrateConfig.fromMap(settings));
 * if (result.accepted()) {
 *     CalibrateJob.publish(result, config);
 * }
 * }</pre>
 *
 * <pre>
 *            samples, by a seeded hash of their id
 *            ┌ third 1 ► stage 1: sketch per layer and shard ► merged ► window: mean, top k
 * range ─────┤ third 2 ┐
 *            └ third 3 ┴ stage 2: moments between windows, per shard: as a whole, and by panes
 *                                 ► merged in shard order ► one certificate baseline per interface
 *
 * all samples, a bounded choice by another hash of their id
 *              stage 3: rows of the chosen ► merged ► detector of single samples
 *                       with the head's weights, where they are published
 * </pre>
 *
 * <p>Offsets are resolved once; the stages are bounded jobs over the same records. The baseline is
 * a function of the records, the settings and the published head: not of parallelism, of the
 * machine's speed or of the clock.
 */
public final class CalibrateJob {

    /** Name of the job where it is run by {@link #main}. */
    public static final String NAME = "spectrawatch-calibrate";

    private CalibrateJob() {}

    /**
     * Calibrates on the cluster that {@code flink run} submits to, and publishes the baseline.
     *
     * @param args {@code --config FILE} (a properties file) and {@code KEY=VALUE} settings over it
     */
    public static void main(String[] args) throws Exception {
        CalibrateConfig config = CalibrateConfig.fromMap(Arguments.settings(args));
        CalibrationResult result =
                run(StreamExecutionEnvironment.getExecutionEnvironment(), config);
        if (!result.accepted()) {
            throw new CalibrationException(result.refusal());
        }
        System.out.println(publish(result, config).getBaselineId());
    }

    /**
     * Resolves the range and runs the stages; waits for them.
     *
     * @throws CalibrationException if the range cannot give a baseline, whatever its rows
     * @throws IOException if the brokers do not answer or the topic does not fit
     */
    public static CalibrationResult run(StreamExecutionEnvironment env, CalibrateConfig config)
            throws IOException, CalibrationException, InterruptedException {
        return run(env, config, config.heads(), stage -> {});
    }

    /**
     * As {@link #run(StreamExecutionEnvironment, CalibrateConfig)}, with another place for the
     * head's weights.
     *
     * @param heads null if they are not wanted
     * @param progress is told in a line what begins
     */
    public static CalibrationResult run(
            StreamExecutionEnvironment env,
            CalibrateConfig config,
            HeadSource heads,
            Consumer<String> progress)
            throws IOException, CalibrationException, InterruptedException {
        ValidatedLog.check(log(config, null));
        PinnedRange range = PinnedRange.resolve(config);
        FlinkStages flink = new FlinkStages(env, config, each -> source(each, log(config, range)));
        progress.accept("offsets " + range.startText() + " to " + range.endText());
        return run(config.settings(), range, told(flink, progress), heads);
    }

    private static Stages told(Stages stages, Consumer<String> progress) {
        return (name, shards, merges) -> {
            long start = System.nanoTime();
            progress.accept("reading the range for " + name + " ...");
            List<byte[]> payloads = stages.run(name, shards, merges);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            progress.accept(name + " done after " + seconds + " s");
            return payloads;
        };
    }

    /**
     * Makes sure that the head is that of the snapshots, before hours go into a calibration.
     *
     * @return digest of its weights; null if there is none
     */
    private static String checked(HeadSource heads, ModelKey model) throws CalibrationException {
        if (heads == null) {
            return null;
        }
        try {
            return heads.load(model).map(HeadPublisher::digest).orElse(null);
        } catch (IOException e) {
            throw new CalibrationException(
                    e.getMessage()
                            + " ("
                            + DetectorDefinition.DETECT_HEAD.key()
                            + "=false does without)",
                    e);
        }
    }

    /**
     * Runs the stages and puts their results together.
     *
     * @param heads where the head's weights come from, null if they are not wanted
     */
    static CalibrationResult run(
            CalibrateSettings settings, PinnedRange range, Stages stages, HeadSource heads)
            throws CalibrationException, InterruptedException {
        FirstStage first =
                new FirstStage(
                        settings,
                        stages.run(
                                "windows",
                                (shard, tools) -> new WindowSketches(shard, settings, tools),
                                tools -> new WindowMerge(settings, tools)));
        String head =
                settings.detecting().mostSamples() == 0 ? null : checked(heads, first.model());
        ReferenceWindows windows = first.windows();
        Map<Integer, InterfaceOutcome> outcomes = new TreeMap<>();
        if (windows.layers().size() > 1) {
            for (byte[] payload :
                    stages.run(
                            "moments",
                            (shard, tools) -> new ShardMoments(shard, settings, windows, tools),
                            tools -> new InterfaceMerge(settings, windows))) {
                InterfaceOutcome outcome = InterfaceOutcome.fromBytes(payload);
                outcomes.put(outcome.x(), outcome);
            }
        }
        DetectorOutcome detector = detector(settings, first, stages, heads);
        return new Assembly(settings, range, first, outcomes, detector, head).result();
    }

    private static DetectorOutcome detector(
            CalibrateSettings settings, FirstStage first, Stages stages, HeadSource heads)
            throws CalibrationException, InterruptedException {
        if (settings.detecting().mostSamples() == 0) {
            return DetectorOutcome.refused(0, "it was not asked for");
        }
        List<String> layers =
                settings.detecting().layers().isEmpty()
                        ? first.layers().stream().map(each -> each.layer().name()).toList()
                        : settings.detecting().layers();
        ModelKey model = first.model();
        List<byte[]> payloads =
                stages.run(
                        "samples",
                        (shard, tools) ->
                                new ShardSamples(shard, settings, model, layers, tools.samples()),
                        tools -> new DetectorMerge(settings, tools, model, heads));
        return payloads.isEmpty()
                ? DetectorOutcome.refused(
                        0,
                        "no snapshot carries the same rows in "
                                + layers
                                + "; name layers that do with "
                                + DetectorDefinition.DETECT_LAYERS.key())
                : DetectorOutcome.fromBytes(payloads.get(0));
    }

    /**
     * The place of a sample among those a detector is fitted on, ascending, ties by id: the order
     * decides which are calibrated on, so who fits the same rows elsewhere needs it.
     *
     * @param seed {@link CalibrateConfig#SPLIT_SEED}
     */
    public static int place(long seed, String sampleId) {
        return ShardSamples.place(seed, sampleId);
    }

    /**
     * Publishes an accepted baseline.
     *
     * @return its entry, with the id
     * @throws IOException if the brokers do not take it
     */
    public static BaselineEntry publish(CalibrationResult result, CalibrateConfig config)
            throws IOException {
        return new BaselinePublisher(config.kafkaClient(), config.topicPrefix())
                .publish(result.baseline().toBytes(), origin(result));
    }

    private static BaselineOrigin origin(CalibrationResult result) {
        return new BaselineOrigin(
                result.model(),
                result.version(),
                result.digest(),
                result.range().offsetRanges(),
                result.rows(),
                Summary.of(result),
                result.segment());
    }

    private static DataStream<ShardRecord> source(
            StreamExecutionEnvironment env, LogSettings settings) {
        return env.fromSource(
                ValidatedLog.source(settings), WatermarkStrategy.noWatermarks(), "validated log");
    }

    /** The log's settings; without a range they say where it is. */
    static LogSettings log(CalibrateConfig config, PinnedRange range) {
        return new LogSettings(
                config.kafkaProperties(),
                config.validatedTopic(),
                config.shards(),
                config.groupId(),
                config.clientId(),
                range == null ? null : range.start(),
                range == null ? null : range.end());
    }
}
