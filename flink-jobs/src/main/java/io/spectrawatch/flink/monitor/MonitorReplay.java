package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.ValidatedLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.collect.CollectSinkOperatorFactory;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.common.config.ConfigException;

/**
 * The monitor's own operators over a part of the log that ended: the same records, handed to the
 * caller instead of to topics.
 */
public final class MonitorReplay {

    private static final String INPUT = "replay-input";

    /** Above the largest record, below the 10 MiB frame in which a cluster hands results on. */
    private static final MemorySize LARGEST_BATCH = MemorySize.ofMebiBytes(9);

    private MonitorReplay() {}

    /**
     * Runs a replay.
     *
     * @param config with a start and an end for every shard
     * @param start what was before the first record
     * @return the records, of each key in pane order; to be closed, which cancels what still runs
     * @throws ConfigException if start or end are not named per shard
     */
    public static CloseableIterator<OutputRecord> run(
            StreamExecutionEnvironment env, MonitorConfig config, ReplayStart start)
            throws Exception {
        if (!config.log().start().isExplicit() || !config.log().end().isExplicit()) {
            throw new ConfigException(
                    "a replay needs "
                            + MonitorDefinition.SOURCE_START.key()
                            + " and "
                            + MonitorDefinition.SOURCE_END.key()
                            + " as an offset per shard");
        }
        MonitorJob.configure(env, config);
        Configuration settings = new Configuration();
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        settings.set(CollectSinkOperatorFactory.MAX_BATCH_SIZE, LARGEST_BATCH);
        env.configure(settings);
        env.getCheckpointConfig().disableCheckpointing();
        DataStream<ShardRecord> log =
                env.fromSource(
                                ValidatedLog.source(config.log()),
                                WatermarkStrategy.noWatermarks(),
                                "validated log")
                        .uid(OperatorUids.SOURCE)
                        .flatMap(new ReplayInput(start))
                        .returns(TypeInformation.of(ShardRecord.class))
                        .name("replay input")
                        .uid(INPUT);
        return MonitorJob.pipeline(
                        log,
                        config,
                        KafkaEndpoints.baselines(config),
                        start,
                        UnaryOperator.identity())
                .executeAndCollect("spectrawatch-audit");
    }
}
