package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.stage.CalibrationMessage;
import io.spectrawatch.flink.calibrate.stage.Merge;
import io.spectrawatch.flink.calibrate.stage.RangeReader;
import io.spectrawatch.flink.calibrate.stage.ShardConsumer;
import io.spectrawatch.flink.calibrate.stage.ShardMerger;
import io.spectrawatch.flink.calibrate.stage.Slots;
import io.spectrawatch.flink.calibrate.stage.Stages;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.verdict.AcceptedRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.RuntimeExecutionMode;
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

/** Runs each stage as a bounded Flink job and waits for it. */
final class FlinkStages implements Stages {

    /** Room for the window of a wide layer, whose size Flink would otherwise refuse to collect. */
    private static final String COLLECT_BATCH_BYTES = "256m";

    private final StreamExecutionEnvironment env;
    private final CalibrateConfig config;
    private final Function<StreamExecutionEnvironment, DataStream<ShardRecord>> log;

    /**
     * @param log gives the records of the range, each shard in offset order; asked once per stage
     * @throws IllegalArgumentException if the environment runs in another mode than STREAMING,
     *     which would drop the order of the log
     */
    FlinkStages(
            StreamExecutionEnvironment env,
            CalibrateConfig config,
            Function<StreamExecutionEnvironment, DataStream<ShardRecord>> log) {
        this.env = env;
        this.config = config;
        this.log = log;
        configure();
    }

    private void configure() {
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

    @Override
    @SuppressWarnings("try") // Flink's iterator declares that closing may be interrupted.
    public List<byte[]> run(String name, ShardConsumer.Factory shards, Merge.Factory merges)
            throws CalibrationException, InterruptedException {
        List<byte[]> payloads = new ArrayList<>();
        try (CloseableIterator<CalibrationMessage> messages =
                results(name, shards, merges).executeAndCollect(CalibrateJob.NAME + " " + name)) {
            messages.forEachRemaining(message -> payloads.add(message.payload()));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new CalibrationException("the calibration failed: " + root(e), e);
        }
        return payloads;
    }

    private DataStream<CalibrationMessage> results(
            String name, ShardConsumer.Factory shards, Merge.Factory merges) {
        CalibrateSettings settings = config.settings();
        int maxParallelism = config.maxParallelism();
        SpreadKeys shardKeys = new SpreadKeys(settings.shards(), maxParallelism);
        SpreadKeys slotKeys = new SpreadKeys(Slots.COUNT, maxParallelism);
        TypeInformation<CalibrationMessage> type = TypeInformation.of(CalibrationMessage.class);
        return AcceptedRecords.byShard(
                        log.apply(env),
                        CalibrateJob.log(config, null),
                        shardKeys,
                        maxParallelism,
                        UnaryOperator.identity())
                .transform("shard " + name, type, new RangeReader(settings, shards))
                .setMaxParallelism(maxParallelism)
                .keyBy(message -> slotKeys.key(message.slot()), Types.INT)
                .transform("merged " + name, type, new ShardMerger(settings, merges))
                .setMaxParallelism(maxParallelism);
    }

    private static String root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
