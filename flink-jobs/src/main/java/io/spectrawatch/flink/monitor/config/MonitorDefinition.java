package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.log.SourceOffsets;
import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.flink.settings.SharedSettings;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Where a monitor reads and writes, and how it runs. */
public final class MonitorDefinition {

    /** The broker's own limit, transaction.max.timeout.ms, unless an operator changed it. */
    private static final int BROKER_TRANSACTION_LIMIT_MILLIS = 15 * 60 * 1000;

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<String> BOOTSTRAP_SERVERS =
            SETTINGS.add(SharedSettings.BOOTSTRAP_SERVERS);

    public static final Setting<String> TOPIC_PREFIX = SETTINGS.add(SharedSettings.TOPIC_PREFIX);

    public static final Setting<String> OUTPUT_TOPIC_PREFIX =
            SETTINGS.add(
                    Setting.text("output.topic.prefix", "")
                            .means(
                                    Importance.LOW,
                                    "Prefix of the topics that are written, for a second run"
                                            + " over one log; empty: that of all topics."));

    public static final Setting<Integer> SHARDS = SETTINGS.add(SharedSettings.SHARDS);

    public static final Setting<String> GROUP_ID =
            SETTINGS.add(
                    Setting.name("group.id", "spectrawatch-monitor")
                            .means(
                                    Importance.MEDIUM,
                                    "Consumer group under which read offsets are committed, for"
                                            + " lag monitoring."));

    public static final Setting<String> CLIENT_ID =
            SETTINGS.add(
                    Setting.name("client.id", "spectrawatch-monitor")
                            .means(
                                    Importance.LOW,
                                    "Client id (of the source: its prefix) that brokers see."));

    public static final Setting<SourceOffsets> SOURCE_START =
            SETTINGS.add(
                    Setting.parsed(
                                    "source.offsets.start",
                                    SourceOffsets.EARLIEST,
                                    "earliest, committed or partition:offset for every shard",
                                    SourceOffsets::parseStart)
                            .means(
                                    Importance.MEDIUM,
                                    "Where a job without state starts: earliest, committed (the"
                                            + " group's offsets, earliest where there are none),"
                                            + " or partition:offset for every shard, separated"
                                            + " by commas. Only earliest and the offsets of an"
                                            + " audit give whole panes; committed continues in"
                                            + " the middle of those that were open."));

    public static final Setting<SourceOffsets> SOURCE_END =
            SETTINGS.add(
                    Setting.parsed(
                                    "source.offsets.end",
                                    "",
                                    "empty, or partition:offset for every shard",
                                    SourceOffsets::parseEnd)
                            .means(
                                    Importance.LOW,
                                    "Where the job ends: partition:offset (exclusive) for every"
                                            + " shard, separated by commas; empty: never."));

    public static final Setting<Integer> MERGE_BUCKETS =
            SETTINGS.add(
                    Setting.integer("merge.buckets", 32)
                            .in(between(1, 1024))
                            .means(
                                    Importance.LOW,
                                    "Keys over which the merging of shards is spread."));

    public static final Setting<Integer> PARALLELISM =
            SETTINGS.add(
                    SharedSettings.PARALLELISM.means(
                            Importance.MEDIUM,
                            "Subtasks per operator; 0: as the cluster says, and in the"
                                    + " process of the monitor command one per"
                                    + " processor, at most shards (there 1 unless"
                                    + " given). More than shards are idle."));

    public static final Setting<Integer> MAX_PARALLELISM =
            SETTINGS.add(
                    SharedSettings.MAX_PARALLELISM.means(
                            Importance.LOW,
                            "Key groups of the state; at least parallelism x shards"
                                    + " spreads evenly."));

    public static final Setting<Long> CHECKPOINT_INTERVAL =
            SETTINGS.add(
                    Setting.longInteger("checkpoint.interval.ms", 1_000)
                            .in(atLeast(10))
                            .means(
                                    Importance.MEDIUM,
                                    "Time between checkpoints, and so until published sketches,"
                                            + " scores and alerts are visible; where a checkpoint"
                                            + " takes longer, half of it passes until the next."));

    public static final Setting<String> CHECKPOINT_DIR =
            SETTINGS.add(
                    Setting.text("checkpoint.dir", "")
                            .means(
                                    Importance.HIGH,
                                    "Folder (URI) of the checkpoints; empty: as the cluster"
                                            + " says. Without any, Flink keeps them in memory"
                                            + " and refuses more than 5 MiB per subtask."));

    public static final Setting<String> TRANSACTIONAL_ID_PREFIX =
            SETTINGS.add(
                    Setting.name("transactional.id.prefix", "spectrawatch-monitor")
                            .means(
                                    Importance.HIGH,
                                    "Prefix of the sink's transactional ids; unique per job on a"
                                            + " Kafka cluster."));

    public static final Setting<Integer> TRANSACTION_TIMEOUT =
            SETTINGS.add(
                    Setting.integer("transaction.timeout.ms", 600_000)
                            .in(between(1_000, BROKER_TRANSACTION_LIMIT_MILLIS))
                            .means(
                                    Importance.LOW,
                                    "After this a broker aborts a transaction; longer than any"
                                            + " outage that must not lose sketches, shorter than"
                                            + " the brokers' transaction.max.timeout.ms."));

    /** Every setting of a monitor. */
    static final SettingGroup ALL =
            SettingGroup.of(
                    SETTINGS,
                    SketchDefinition.SETTINGS,
                    AlertDefinition.SETTINGS,
                    DetectionDefinition.SETTINGS,
                    MemoryDefinition.SETTINGS);

    private MonitorDefinition() {}
}
