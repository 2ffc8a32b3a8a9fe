package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.log.ValidatedLog;
import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.merge.WindowMerger;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.monitor.shard.ShardMonitor;
import io.spectrawatch.flink.monitor.shard.ShardTime;
import io.spectrawatch.flink.settings.Arguments;
import io.spectrawatch.flink.verdict.AcceptedRecords;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The Flink job that turns the validated log into one sketch per layer and pane and, where a
 * baseline is in force, certificates of its interfaces, scores of samples and alerts.
 *
 * <pre>{@code
 * StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
 * MonitorJob.build(env, MonitorConfig.fromMap(Map.of("bootstrap.servers", "localhost:9092")));
 * env.execute("spectrawatch-monitor");
 * }</pre>
 *
 * <pre>
 * validated ──► source ──keyBy shard──► ShardMonitor ──keyBy bucket──► WindowMerger ──► sketches
 *               verdicts,               snapshots fetched,              merge in shard      certificates
 *               or raw bytes            sketch per layer,               order, certify,     alerts
 *                                       moments per interface,          watch for attacks
 *                                       samples scored
 *                                              └──────────────────────────────────────────► scores, alerts
 * </pre>
 *
 * <p>All of it is a function of the log, its baselines and the configuration: no timers, no
 * watermarks, no wall clock. For replays set {@code source.offsets.start} and {@code
 * source.offsets.end}.
 */
public final class MonitorJob {

    /** Name of the job where it is run by {@link #main}. */
    public static final String NAME = "spectrawatch-monitor";

    /** A full disk or an absent broker is over sometimes; so long after it the job runs again. */
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(15);

    private MonitorJob() {}

    /**
     * Runs the job on the cluster that {@code flink run} submits to.
     *
     * @param args {@code --config FILE} (a properties file) and {@code KEY=VALUE} settings over it
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> settings = new HashMap<>(Arguments.settings(args));
        MemoryBudget.onACluster(settings);
        MonitorConfig config = MonitorConfig.fromMap(settings);
        ValidatedLog.check(config.log());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, config);
        env.execute(NAME);
    }

    /**
     * Makes sure that a broker answers and that the validated topic has the configured shards.
     *
     * @throws IOException if not; the message says what is wrong, within 10 seconds
     */
    public static void check(MonitorConfig config) throws IOException {
        ValidatedLog.check(config.log());
    }

    /**
     * Configures the environment and adds the whole job, Kafka source and sink included.
     *
     * @throws IllegalArgumentException if the environment runs in another mode than STREAMING
     */
    public static void build(StreamExecutionEnvironment env, MonitorConfig config) {
        build(env, config, UnaryOperator.identity());
    }

    /**
     * As {@link #build(StreamExecutionEnvironment, MonitorConfig)}, with what a measurement puts
     * before the shards' operator.
     *
     * @param between takes the records of all shards and hands them on, each shard in offset order
     *     and each record where it came; its operators have uids
     */
    public static void build(
            StreamExecutionEnvironment env,
            MonitorConfig config,
            UnaryOperator<DataStream<ShardRecord>> between) {
        configure(env, config);
        DataStreamSource<ShardRecord> log =
                env.fromSource(ValidatedLog.source(config.log()), reading(config), "validated log");
        log.uid(OperatorUids.SOURCE);
        if (env.getParallelism() > config.shards()) {
            // A reader without a shard has no time, and all would wait for it.
            log.setParallelism(config.shards());
        }
        pipeline(log, config, KafkaEndpoints.baselines(config), ReplayStart.NOTHING, between)
                .sinkTo(KafkaEndpoints.sink(config))
                .name("output")
                .uid(OperatorUids.SINK);
    }

    /** In step by the shards' own time; a part of the log that ends is read as it comes. */
    private static WatermarkStrategy<ShardRecord> reading(MonitorConfig config) {
        return config.log().end().isExplicit()
                ? WatermarkStrategy.noWatermarks()
                : ShardTime.aligned(config.shardDriftMillis());
    }

    /**
     * Adds the operators between source and sink.
     *
     * @param log records of all shards, each shard in offset order
     * @param baselines where the baselines come from that the log names
     * @return sketches per layer, certificates per interface and alerts per model, in pane order;
     *     scores of samples, per shard in log order
     */
    public static DataStream<OutputRecord> pipeline(
            DataStream<ShardRecord> log, MonitorConfig config, BaselineSource baselines) {
        return pipeline(log, config, baselines, ReplayStart.NOTHING, UnaryOperator.identity());
    }

    /**
     * The same operators, started in the middle of a log.
     *
     * @param start what was before the first record
     * @param between see {@link #build(StreamExecutionEnvironment, MonitorConfig, UnaryOperator)}
     */
    static DataStream<OutputRecord> pipeline(
            DataStream<ShardRecord> log,
            MonitorConfig config,
            BaselineSource baselines,
            ReplayStart start,
            UnaryOperator<DataStream<ShardRecord>> between) {
        int maxParallelism = config.maxParallelism();
        SketchSettings settings = config.sketchSettings();
        SpreadKeys shardKeys = new SpreadKeys(config.shards(), maxParallelism);
        SpreadKeys bucketKeys = new SpreadKeys(config.mergeBuckets(), maxParallelism);
        SingleOutputStreamOperator<ShardMessage> summaries =
                AcceptedRecords.byShard(log, config.log(), shardKeys, maxParallelism, between)
                        .transform(
                                "shard monitor",
                                TypeInformation.of(ShardMessage.class),
                                new ShardMonitor(
                                        settings,
                                        config.detection(),
                                        baselines,
                                        shardKeys,
                                        config.shards(),
                                        config.mergeBuckets(),
                                        start))
                        .uid(OperatorUids.SHARD_MONITOR)
                        .setMaxParallelism(maxParallelism);
        DataStream<OutputRecord> merged =
                summaries
                        .keyBy(message -> bucketKeys.key(message.bucket()), Types.INT)
                        .process(
                                new WindowMerger(
                                        settings,
                                        config.alerts(),
                                        config.detection(),
                                        baselines,
                                        config.shards(),
                                        config.mergeBuckets(),
                                        start),
                                TypeInformation.of(OutputRecord.class))
                        .name("window merger")
                        .uid(OperatorUids.WINDOW_MERGER)
                        .setMaxParallelism(maxParallelism);
        return summaries.getSideOutput(ShardMonitor.RECORDS).union(merged);
    }

    /**
     * Sets what the job needs of its environment; the cluster's own restart strategy stays.
     *
     * @throws IllegalArgumentException if the environment runs in another mode than STREAMING
     */
    static void configure(StreamExecutionEnvironment env, MonitorConfig config) {
        requireStreaming(env);
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        // Records are immutable and no operator keeps one, so chained operators may share them.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(PipelineOptions.MAX_PARALLELISM, config.maxParallelism());
        settings.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                Duration.ofMillis(config.checkpointIntervalMillis()));
        // Where a checkpoint takes longer than the interval, the job is not busy with them alone.
        settings.set(
                CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS,
                Duration.ofMillis(config.checkpointIntervalMillis() / 2));
        settings.set(
                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                CheckpointingMode.EXACTLY_ONCE);
        // What is on its way between operators has no versioned form and must not be kept.
        settings.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        if (!config.checkpointDir().isEmpty()) {
            settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, config.checkpointDir());
        }
        if (!env.getConfiguration()
                .getOptional(RestartStrategyOptions.RESTART_STRATEGY)
                .isPresent()) {
            settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
            settings.set(
                    RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                    MAX_BACKOFF);
        }
        env.configure(settings);
        if (config.parallelism() > 0) {
            env.setParallelism(config.parallelism());
        }
    }

    /** In BATCH mode Flink sorts the input by key and drops the order of the log. */
    private static void requireStreaming(StreamExecutionEnvironment env) {
        RuntimeExecutionMode mode = env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
        if (mode != RuntimeExecutionMode.STREAMING) {
            throw new IllegalArgumentException(
                    ExecutionOptions.RUNTIME_MODE.key()
                            + " must be STREAMING, also for a bounded replay, found "
                            + mode);
        }
    }
}
