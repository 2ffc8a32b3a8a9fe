package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.log.DecodedRecord;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.ValidatedLog;
import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.verdict.AcceptedRecords;
import io.spectrawatch.schemas.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Flink jobs over the validated log of a run, in this process. */
final class JobStages {

    private static final long POLL_MILLIS = 20;

    private final Map<String, Object> client;
    private final PipelineOptions options;
    private final BenchTopics topics;
    private final StageClock clock;
    private final Path folder;
    private final Map<String, String> more;
    private int jobs;

    /**
     * @param more settings of the monitor, over its defaults
     */
    JobStages(
            Map<String, Object> client,
            PipelineOptions options,
            BenchTopics topics,
            StageClock clock,
            Path folder,
            Map<String, String> more) {
        this.client = client;
        this.options = options;
        this.topics = topics;
        this.clock = clock;
        this.folder = folder;
        this.more = more;
    }

    /** Reads the log, decodes it and drops it. */
    StageClock.Span passThrough() throws Exception {
        StreamExecutionEnvironment env = environment();
        MonitorConfig config = config(topics.endsText(Topics.VALIDATED));
        env.enableCheckpointing(config.checkpointIntervalMillis());
        DataStream<ShardRecord> log =
                env.fromSource(
                        ValidatedLog.source(config.log()),
                        WatermarkStrategy.noWatermarks(),
                        "validated log");
        watched(AcceptedRecords.of(log, config.log()), null)
                .map(record -> DecodedRecord.of(record).snapshot() != null)
                .sinkTo(new DiscardingSink<>());
        Passage.Meter meter = Passage.expect(topics.snapshots(), clock);
        env.execute("pass through");
        return meter.span();
    }

    /** What the monitor's sketches take by themselves. */
    KernelStage kernel() throws Exception {
        MonitorConfig config = config(topics.endsText(Topics.VALIDATED));
        return new KernelStage(options, config.sketchSettings(), topics.snapshots(), clock);
    }

    /**
     * The monitor over what the log holds.
     *
     * @param activation of the baseline that is in force from the first pane on; null for none
     */
    StageClock.Span monitor(byte[] activation) throws Exception {
        return metered(activation).span();
    }

    /** As {@link #monitor}, with all that was noted of the snapshots that passed. */
    Passage.Meter metered(byte[] activation) throws Exception {
        StreamExecutionEnvironment env = environment();
        MonitorConfig config = config(topics.endsText(Topics.VALIDATED));
        MonitorJob.build(env, config, log -> watched(log, activation));
        Passage.Meter meter = Passage.expect(topics.snapshots(), clock);
        env.execute(MonitorJob.NAME);
        return meter;
    }

    /**
     * Ingest and monitor at once, from the moment at which both could begin to the last snapshot
     * that the monitor reads.
     *
     * @param activation as in {@link #monitor}
     */
    StageClock.Span live(byte[] activation) throws Exception {
        return live(
                activation,
                (meter, check) -> {
                    StageClock.Mark from = clock.now();
                    while (!meter.isDone()) {
                        check.run();
                        Thread.sleep(POLL_MILLIS);
                    }
                    return new StageClock.Span(from, meter.last());
                });
    }

    /** Something done while ingest and monitor run. */
    interface Meanwhile<R> {
        /**
         * @param meter counts what the monitor reads
         * @param check fails if one of them has ended
         */
        R until(Passage.Meter meter, Check check) throws Exception;
    }

    /** See {@link Meanwhile}. */
    interface Check {
        void run() throws Exception;
    }

    /** Does something while ingest and monitor run, from the moment at which both could begin. */
    <R> R live(byte[] activation, Meanwhile<R> meanwhile) throws Exception {
        StreamExecutionEnvironment env = environment();
        MonitorJob.build(env, config(""), log -> watched(log, activation));
        Passage.Meter meter = Passage.expect(topics.snapshots(), clock);
        JobClient job = env.executeAsync(MonitorJob.NAME);
        try (IngestStage ingest = new IngestStage(client, options, topics, folder)) {
            ingest.start();
            return meanwhile.until(
                    meter,
                    () -> {
                        ingest.check();
                        if (job.getJobStatus().get().isGloballyTerminalState()) {
                            throw new IllegalStateException("the monitor job has ended");
                        }
                    });
        } finally {
            job.cancel().get();
            job.getJobExecutionResult().handle((result, failure) -> result).get();
        }
    }

    private static DataStream<ShardRecord> watched(DataStream<ShardRecord> log, byte[] activation) {
        return log.flatMap(new Passage(activation))
                .returns(TypeInformation.of(ShardRecord.class))
                // the order of a shard's records must stay
                .setParallelism(log.getParallelism())
                .name("passage")
                .uid("passage");
    }

    private StreamExecutionEnvironment environment() {
        Configuration flink = new Configuration();
        flink.set(TaskManagerOptions.NUM_TASK_SLOTS, options.parallelism());
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        // As the monitor has it, also for the job that it is compared with.
        flink.set(org.apache.flink.configuration.PipelineOptions.OBJECT_REUSE, true);
        return StreamExecutionEnvironment.createLocalEnvironment(options.parallelism(), flink);
    }

    private MonitorConfig config(String end) {
        jobs++;
        String id = topics.prefix() + "monitor-" + jobs;
        Map<String, String> settings = new HashMap<>(more);
        settings.put(MonitorDefinition.TOPIC_PREFIX.key(), topics.prefix());
        settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(options.shards()));
        settings.put(MonitorDefinition.PARALLELISM.key(), Integer.toString(options.parallelism()));
        settings.put(MonitorDefinition.CHECKPOINT_DIR.key(), folder.resolve(id).toUri().toString());
        settings.put(MonitorDefinition.TRANSACTIONAL_ID_PREFIX.key(), id);
        settings.put(MonitorDefinition.GROUP_ID.key(), id);
        settings.put(MonitorDefinition.SOURCE_END.key(), end);
        // With a share for others than those that send its layers may not all be exact.
        settings.put(MemoryDefinition.MODELS_MAX.key(), Integer.toString(options.models()));
        return MonitorConfig.fromMap(settings, client);
    }
}
