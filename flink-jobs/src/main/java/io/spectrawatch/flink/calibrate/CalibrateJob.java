package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.baseline.BaselineOrigin;
import io.spectrawatch.flink.baseline.BaselinePublisher;
import io.spectrawatch.flink.log.Arguments;
import io.spectrawatch.flink.log.LogSettings;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.log.ValidatedLog;
import io.spectrawatch.schemas.BaselineEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.collect.CollectSinkOperatorFactory;
import org.apache.flink.util.CloseableIterator;

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
 * </pre>
 *
 * <p>Offsets are resolved once; both stages are bounded jobs over the same records. The baseline is
 * a function of the records and the settings: not of parallelism, of the machine's speed or of the
 * clock.
 */
public final class CalibrateJob {

    /** Name of the job where it is run by {@link #main}. */
    public static final String NAME = "spectrawatch-calibrate";

    /** Room for the window of a wide layer, whose size Flink would otherwise refuse to collect. */
    private static final String COLLECT_BATCH_BYTES = "256m";

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
     * Resolves the range and runs both stages; waits for them.
     *
     * @throws CalibrationException if the range cannot give a baseline, whatever its rows
     * @throws IOException if the brokers do not answer or the topic does not fit
     */
    public static CalibrationResult run(StreamExecutionEnvironment env, CalibrateConfig config)
            throws IOException, CalibrationException, InterruptedException {
        ValidatedLog.check(log(config, null));
        PinnedRange range = PinnedRange.resolve(config);
        return run(env, config, range, flink -> source(flink, log(config, range)));
    }

    /**
     * Runs both stages over a log.
     *
     * @param log gives the records of the range, each shard in offset order, once per stage
     */
    static CalibrationResult run(
            StreamExecutionEnvironment env,
            CalibrateConfig config,
            PinnedRange range,
            Function<StreamExecutionEnvironment, DataStream<ShardRecord>> log)
            throws CalibrationException, InterruptedException {
        configure(env, config);
        CalibrateSettings settings = config.settings();
        Stage stage = new Stage(env, config, log);
        FirstStage first =
                new FirstStage(
                        settings,
                        stage.run(
                                "windows",
                                (shard, tools) -> new WindowSketches(shard, settings, tools),
                                tools -> new WindowMerge(settings, tools)));
        ReferenceWindows windows = first.windows();
        Map<Integer, InterfaceOutcome> outcomes = new TreeMap<>();
        if (windows.layers().size() > 1) {
            for (byte[] payload :
                    stage.run(
                            "moments",
                            (shard, tools) -> new ShardMoments(shard, settings, windows, tools),
                            tools -> new InterfaceMerge(settings, windows))) {
                InterfaceOutcome outcome = InterfaceOutcome.fromBytes(payload);
                outcomes.put(outcome.x(), outcome);
            }
        }
        return new Assembly(settings, range, first, outcomes).result();
    }

    /**
     * Publishes an accepted baseline.
     *
     * @return its entry, with the id
     * @throws IOException if the brokers do not take it
     */
    public static BaselineEntry publish(CalibrationResult result, CalibrateConfig config)
            throws IOException {
        Map<String, Object> client = new HashMap<>();
        config.kafkaProperties().forEach((key, value) -> client.put((String) key, value));
        return new BaselinePublisher(client, config.topicPrefix())
                .publish(result.baseline().toBytes(), origin(result));
    }

    private static BaselineOrigin origin(CalibrationResult result) {
        return new BaselineOrigin(
                result.model(),
                result.version(),
                result.digest(),
                result.range().offsetRanges(),
                result.rows(),
                Summary.of(result));
    }

    private static DataStream<ShardRecord> source(
            StreamExecutionEnvironment env, LogSettings settings) {
        return env.fromSource(
                ValidatedLog.source(settings), WatermarkStrategy.noWatermarks(), "validated log");
    }

    /** The log's settings; without a range they serve to look at the topic. */
    private static LogSettings log(CalibrateConfig config, PinnedRange range) {
        return new LogSettings(
                config.kafkaProperties(),
                config.validatedTopic(),
                config.shards(),
                config.groupId(),
                config.clientId(),
                range == null ? null : range.start(),
                range == null ? null : range.end());
    }

    /**
     * Sets what the stages need of their environment.
     *
     * @throws IllegalArgumentException if it runs in another mode than STREAMING, which would drop
     *     the order of the log
     */
    private static void configure(StreamExecutionEnvironment env, CalibrateConfig config) {
        RuntimeExecutionMode mode = env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
        if (mode != RuntimeExecutionMode.STREAMING) {
            throw new IllegalArgumentException(
                    ExecutionOptions.RUNTIME_MODE.key()
                            + " must be STREAMING, also for a bounded range, found "
                            + mode);
        }
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        // Records are immutable and no operator keeps one, so chained operators may share them.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(PipelineOptions.MAX_PARALLELISM, config.maxParallelism());
        // Nothing is checkpointed: a job that fails is started again by whoever wants it.
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        settings.setString(CollectSinkOperatorFactory.MAX_BATCH_SIZE.key(), COLLECT_BATCH_BYTES);
        env.configure(settings);
        if (config.parallelism() > 0) {
            env.setParallelism(config.parallelism());
        }
    }

    /** Runs one bounded job: a consumer per shard, then a merge per slot. */
    private record Stage(
            StreamExecutionEnvironment env,
            CalibrateConfig config,
            Function<StreamExecutionEnvironment, DataStream<ShardRecord>> log) {

        @SuppressWarnings("try") // Flink's iterator declares that closing may be interrupted.
        List<byte[]> run(String name, ShardConsumer.Factory shards, Merge.Factory merges)
                throws CalibrationException, InterruptedException {
            CalibrateSettings settings = config.settings();
            int maxParallelism = config.maxParallelism();
            SpreadKeys shardKeys = new SpreadKeys(settings.shards(), maxParallelism);
            SpreadKeys slotKeys = new SpreadKeys(Slots.COUNT, maxParallelism);
            TypeInformation<CalibrationMessage> type = TypeInformation.of(CalibrationMessage.class);
            DataStream<CalibrationMessage> results =
                    log.apply(env)
                            .keyBy(record -> shardKeys.key(record.shard()), Types.INT)
                            .transform("shard " + name, type, new RangeReader(settings, shards))
                            .setMaxParallelism(maxParallelism)
                            .keyBy(message -> slotKeys.key(message.slot()), Types.INT)
                            .transform("merged " + name, type, new ShardMerger(settings, merges))
                            .setMaxParallelism(maxParallelism);
            List<byte[]> payloads = new ArrayList<>();
            try (CloseableIterator<CalibrationMessage> messages =
                    results.executeAndCollect(NAME + " " + name)) {
                messages.forEachRemaining(message -> payloads.add(message.payload()));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new CalibrationException("the calibration failed: " + root(e), e);
            }
            return payloads;
        }

        private static String root(Throwable e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage() == null ? root.toString() : root.getMessage();
        }
    }
}
