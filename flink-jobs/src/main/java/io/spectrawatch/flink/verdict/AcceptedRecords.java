package io.spectrawatch.flink.verdict;

import io.spectrawatch.flink.log.LogSettings;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The step of a job that puts the accepted snapshots in the place of their verdicts.
 *
 * <pre>{@code
 * KeyedStream<ShardRecord, Integer> records =
 *         AcceptedRecords.byShard(log, settings, keys, maxParallelism, UnaryOperator.identity());
 * }</pre>
 *
 * <p>It stands behind the exchange by shard, in the task that takes the snapshots: between tasks
 * only verdicts travel, and an activation goes from Kafka's client to where it is sketched without
 * being copied on the way.
 */
public final class AcceptedRecords {

    private static final String NAME = "accepted snapshots";

    /** Id of the operator, which has no state. */
    private static final String UID = "accepted-snapshots";

    private AcceptedRecords() {}

    /**
     * The records of a log, each shard in the order in which they come.
     *
     * @param log records as they stand in the log
     * @param settings of the log, whose brokers also have the activations
     */
    public static SingleOutputStreamOperator<ShardRecord> of(
            DataStream<ShardRecord> log, LogSettings settings) {
        Map<String, Object> client = new HashMap<>();
        settings.kafka().forEach((key, value) -> client.put(key.toString(), value));
        VerdictFetch.Factory fetch =
                new VerdictFetch.Factory(
                        client, settings.clientId(), Topics.activationsOf(settings.topic()));
        return log.transform(NAME, TypeInformation.of(ShardRecord.class), fetch).uid(UID);
    }

    /**
     * The records of a log, keyed by shard.
     *
     * @param log records of all shards as they stand in the log, each shard in offset order
     * @param keys of the shards
     * @param between takes what is read and hands it on, each record where it came
     */
    public static KeyedStream<ShardRecord, Integer> byShard(
            DataStream<ShardRecord> log,
            LogSettings settings,
            SpreadKeys keys,
            int maxParallelism,
            UnaryOperator<DataStream<ShardRecord>> between) {
        KeySelector<ShardRecord, Integer> key = record -> keys.key(record.shard());
        DataStream<ShardRecord> accepted =
                of(log.keyBy(key, Types.INT), settings).setMaxParallelism(maxParallelism);
        // Every record is still in the task of its key: it need not be exchanged again.
        return DataStreamUtils.reinterpretAsKeyedStream(between.apply(accepted), key, Types.INT);
    }
}
