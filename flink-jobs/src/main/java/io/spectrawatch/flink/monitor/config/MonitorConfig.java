package io.spectrawatch.flink.monitor.config;

import io.spectrawatch.flink.log.LogSettings;
import io.spectrawatch.flink.log.SourceOffsets;
import io.spectrawatch.flink.settings.JobSettings;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.SurgeOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sequential.Horizon;
import io.spectrawatch.spectral.sequential.StreamWeights;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Typed settings of the {@code MonitorJob}.
 *
 * <pre>{@code
 * MonitorConfig config = MonitorConfig.fromMap(Map.of(
 *         MonitorConfig.BOOTSTRAP_SERVERS, "localhost:9092",
 *         MonitorConfig.SHARDS, "4",
 *         "kafka.security.protocol", "SSL"));
 * }</pre>
 *
 * <p>Keys that start with {@value #KAFKA_PREFIX} go, without it, to every Kafka client; any other
 * unknown key is an error. What shapes a sketch ({@code sketch.*}, {@code block.rows}, {@code
 * alpha}) and {@code shards}, {@code merge.buckets} and {@code max.parallelism} are bound to a
 * job's state: change them only with a start without older state.
 */
public final class MonitorConfig {

    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    public static final String TOPIC_PREFIX = "topic.prefix";
    public static final String OUTPUT_TOPIC_PREFIX = "output.topic.prefix";
    public static final String GROUP_ID = "group.id";
    public static final String CLIENT_ID = "client.id";
    public static final String SHARDS = "shards";
    public static final String SOURCE_START = "source.offsets.start";
    public static final String SOURCE_END = "source.offsets.end";
    public static final String SKETCH_KIND = "sketch.kind";
    public static final String SKETCH_KIND_EXACT_LAYERS = "sketch.kind.exact.layers";
    public static final String SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS =
            "sketch.kind.frequent-directions.layers";
    public static final String SKETCH_ROWS = "sketch.rows";
    public static final String SKETCH_EXACT_MEMORY = "sketch.exact.memory.bytes";
    public static final String BLOCK_ROWS = "block.rows";
    public static final String ALPHA = "alpha";
    public static final String SKETCH_PROBES = "sketch.probes";
    public static final String SKETCH_PROBE_SEED = "sketch.probe.seed";
    public static final String KERNELS = "kernels";
    public static final String BASIS_VECTORS = "basis.vectors";
    public static final String SPECTRUM_LENGTH = "spectrum.length";
    public static final String PUBLISH_SKETCH = "publish.sketch";
    public static final String MERGE_BUCKETS = "merge.buckets";
    public static final String ALERT_ALPHA = "alert.alpha";
    public static final String ALERT_STREAMS = "alert.streams";
    public static final String ALERT_HORIZON = "alert.horizon";
    public static final String ALERT_CALM_PANES = "alert.calm.panes";
    public static final String ALERT_STRUCTURE_NEEDS_DRIFT = "alert.structure.needs.drift";
    public static final String DETECT_LEVEL = "detect.level";
    public static final String DETECT_SCORES_SHARE = "detect.scores.share";
    public static final String DETECT_SCORES_SEED = "detect.scores.seed";
    public static final String DETECT_CLIENTS_PER_SHARD = "detect.clients.per.shard";
    public static final String DETECT_CLIENTS_BY_TENANT = "detect.clients.by.tenant";
    public static final String DETECT_GAIN_POINTS = "detect.gain.points";
    public static final String DETECT_PAIR_LEVEL = "detect.pair.level";
    public static final String DETECT_PAIR_REQUESTS = "detect.pair.requests";
    public static final String DETECT_PAIR_CLIENTS = "detect.pair.clients";
    public static final String ALERTS_PER_DAY = "alerts.per.day";
    public static final String ATTACK_BEAT = "attack.beat.ms";
    public static final String ATTACK_ALPHA = "attack.alpha";
    public static final String ATTACK_MODELS = "attack.models";
    public static final String ATTACK_EXCEEDANCE = "attack.exceedance";
    public static final String ATTACK_DELTA = "attack.delta";
    public static final String ATTACK_CLIENTS = "attack.clients";
    public static final String MEMORY_BUDGET = "memory.budget";
    public static final String MODELS_MAX = "models.max";
    public static final String MODELS_IDLE_PANES = "models.idle.panes";
    public static final String CLOCK_SKEW = "clock.skew.ms";
    public static final String SHARD_DRIFT = "shard.drift.ms";
    public static final String PARALLELISM = "parallelism";
    public static final String MAX_PARALLELISM = "max.parallelism";
    public static final String CHECKPOINT_INTERVAL = "checkpoint.interval.ms";
    public static final String CHECKPOINT_DIR = "checkpoint.dir";
    public static final String TRANSACTIONAL_ID_PREFIX = "transactional.id.prefix";
    public static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms";

    /** Prefix of keys that are passed on to the Kafka clients. */
    public static final String KAFKA_PREFIX = JobSettings.KAFKA_PREFIX;

    private static final ConfigDef DEFINITION = MonitorDefinition.all();

    private static final List<String> RECORDED =
            List.of(
                    SKETCH_KIND,
                    SKETCH_KIND_EXACT_LAYERS,
                    SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS,
                    SKETCH_ROWS,
                    SKETCH_EXACT_MEMORY,
                    BLOCK_ROWS,
                    ALPHA,
                    SKETCH_PROBES,
                    SKETCH_PROBE_SEED,
                    BASIS_VECTORS,
                    SPECTRUM_LENGTH,
                    PUBLISH_SKETCH,
                    ALERT_ALPHA,
                    ALERT_STREAMS,
                    ALERT_HORIZON,
                    ALERT_CALM_PANES,
                    ALERT_STRUCTURE_NEEDS_DRIFT,
                    DETECT_LEVEL,
                    DETECT_SCORES_SHARE,
                    DETECT_SCORES_SEED,
                    DETECT_CLIENTS_PER_SHARD,
                    DETECT_CLIENTS_BY_TENANT,
                    DETECT_GAIN_POINTS,
                    DETECT_PAIR_LEVEL,
                    DETECT_PAIR_REQUESTS,
                    DETECT_PAIR_CLIENTS,
                    ALERTS_PER_DAY,
                    ATTACK_BEAT,
                    ATTACK_ALPHA,
                    ATTACK_MODELS,
                    ATTACK_EXCEEDANCE,
                    ATTACK_DELTA,
                    ATTACK_CLIENTS,
                    MEMORY_BUDGET,
                    MODELS_MAX,
                    MODELS_IDLE_PANES,
                    CLOCK_SKEW,
                    SHARD_DRIFT);

    private static final long MICROS_PER_MILLI = 1000;

    private final JobSettings read;
    private final AbstractConfig values;
    private final SourceOffsets start;
    private final SourceOffsets end;
    private final MemoryBudget budget;

    private MonitorConfig(JobSettings read) {
        this.read = read;
        this.values = read.values();
        this.start = SourceOffsets.parseStart(SOURCE_START, values.getString(SOURCE_START));
        this.end = SourceOffsets.parseEnd(SOURCE_END, values.getString(SOURCE_END));
        this.budget = MemoryBudget.parse(MEMORY_BUDGET, values.getString(MEMORY_BUDGET));
    }

    /** The settings with their meaning, type and default. */
    public static ConfigDef definition() {
        return new ConfigDef(DEFINITION);
    }

    /**
     * Reads settings by key.
     *
     * @throws ConfigException if a key is unknown, a value is missing or not allowed; the message
     *     names the key
     */
    public static MonitorConfig fromMap(Map<String, ?> settings) {
        return fromMap(settings, Map.of());
    }

    /**
     * Reads settings by key, and properties for every Kafka client beside them.
     *
     * @param clientProperties such as security settings, by Kafka's own names; a {@code
     *     bootstrap.servers} among them counts where the settings have none
     * @throws ConfigException as in {@link #fromMap(Map)}
     */
    public static MonitorConfig fromMap(Map<String, ?> settings, Map<String, ?> clientProperties) {
        return new MonitorConfig(JobSettings.of(DEFINITION, settings, clientProperties));
    }

    public String bootstrapServers() {
        return values.getString(BOOTSTRAP_SERVERS);
    }

    String validatedTopic() {
        return Topics.VALIDATED.topicName(topicPrefix());
    }

    public String topicPrefix() {
        return values.getString(TOPIC_PREFIX);
    }

    /** Prefix of the topics that the job writes. */
    public String outputTopicPrefix() {
        String own = values.getString(OUTPUT_TOPIC_PREFIX);
        return own.isEmpty() ? topicPrefix() : own;
    }

    String groupId() {
        return values.getString(GROUP_ID);
    }

    public String clientId() {
        return values.getString(CLIENT_ID);
    }

    /** Partitions of the validated topic. */
    public int shards() {
        return values.getInt(SHARDS);
    }

    /** The log to read. */
    public LogSettings log() {
        return new LogSettings(
                kafkaProperties(), validatedTopic(), shards(), groupId(), clientId(), start, end);
    }

    public SketchSettings sketchSettings() {
        return new SketchSettings(
                SketchKind.valueOf(read.enumName(SKETCH_KIND)),
                values.getInt(SKETCH_ROWS),
                BlockRows.parse(BLOCK_ROWS, values.getString(BLOCK_ROWS)),
                values.getDouble(ALPHA),
                values.getInt(SKETCH_PROBES),
                values.getLong(SKETCH_PROBE_SEED),
                values.getLong(SKETCH_EXACT_MEMORY),
                List.copyOf(values.getList(SKETCH_KIND_EXACT_LAYERS)),
                List.copyOf(values.getList(SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS)),
                KernelChoice.valueOf(read.enumName(KERNELS)),
                values.getInt(BASIS_VECTORS),
                values.getInt(SPECTRUM_LENGTH),
                values.getBoolean(PUBLISH_SKETCH),
                memory(),
                recordedSettings());
    }

    /** Which part of the memory each model has. */
    private MemoryShares memory() {
        return new MemoryShares(
                budget,
                values.getInt(MODELS_MAX),
                values.getInt(MODELS_IDLE_PANES),
                shards(),
                values.getLong(CLOCK_SKEW) * MICROS_PER_MILLI,
                shardDriftMillis() * MICROS_PER_MILLI);
    }

    /** What all sketches may take together; what {@code auto} means in this process. */
    public MemoryBudget budget() {
        return budget;
    }

    /** How far one shard is read ahead of the slowest one, in log time. */
    public long shardDriftMillis() {
        return values.getLong(SHARD_DRIFT);
    }

    /**
     * Every setting that the job's records depend on, by key, a fresh copy: what a replay is
     * configured with. The kernels are not among them, because manifests name those that ran.
     */
    TreeMap<String, String> recordedSettings() {
        TreeMap<String, String> recorded = new TreeMap<>();
        for (String key : RECORDED) {
            Object value = values.values().get(key);
            recorded.put(
                    key,
                    value instanceof List<?> list
                            ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                            : String.valueOf(value));
        }
        // What auto means here decides, not the word.
        recorded.put(MEMORY_BUDGET, budget.toString());
        return recorded;
    }

    /** How evidence becomes alerts; every interface of the fleet gets the same share of alpha. */
    public AlertOptions alerts() {
        return new AlertOptions(
                values.getDouble(ALERT_ALPHA),
                StreamWeights.equal(values.getInt(ALERT_STREAMS)),
                Horizon.valueOf(read.enumName(ALERT_HORIZON)),
                values.getInt(ALERT_CALM_PANES),
                values.getBoolean(ALERT_STRUCTURE_NEEDS_DRIFT));
    }

    /** How samples are scored and become alerts; every model gets the same share of alpha. */
    public DetectSettings detection() {
        return new DetectSettings(
                values.getDouble(DETECT_LEVEL),
                values.getDouble(DETECT_SCORES_SHARE),
                values.getLong(DETECT_SCORES_SEED),
                values.getInt(DETECT_CLIENTS_PER_SHARD),
                values.getBoolean(DETECT_CLIENTS_BY_TENANT),
                values.getInt(DETECT_GAIN_POINTS),
                values.getDouble(DETECT_PAIR_LEVEL),
                values.getInt(DETECT_PAIR_REQUESTS),
                values.getInt(DETECT_PAIR_CLIENTS),
                new AttackOptions(
                        values.getDouble(ATTACK_ALPHA),
                        StreamWeights.equal(values.getInt(ATTACK_MODELS)),
                        values.getDouble(ATTACK_EXCEEDANCE),
                        Math.min(
                                values.getDouble(ATTACK_DELTA), values.getDouble(ATTACK_ALPHA) / 2),
                        Horizon.valueOf(read.enumName(ALERT_HORIZON)),
                        values.getInt(ALERT_CALM_PANES),
                        values.getInt(ATTACK_CLIENTS)),
                new SurgeOptions(
                        values.getDouble(ALERTS_PER_DAY),
                        Math.multiplyExact(values.getLong(ATTACK_BEAT), 1000L),
                        values.getDouble(ATTACK_EXCEEDANCE),
                        values.getInt(ALERT_CALM_PANES)));
    }

    public int mergeBuckets() {
        return values.getInt(MERGE_BUCKETS);
    }

    /** Subtasks per operator; 0 leaves it to the cluster. */
    public int parallelism() {
        return values.getInt(PARALLELISM);
    }

    public int maxParallelism() {
        return values.getInt(MAX_PARALLELISM);
    }

    public long checkpointIntervalMillis() {
        return values.getLong(CHECKPOINT_INTERVAL);
    }

    /** Folder of the checkpoints; empty leaves it to the cluster. */
    public String checkpointDir() {
        return values.getString(CHECKPOINT_DIR);
    }

    public String transactionalIdPrefix() {
        return values.getString(TRANSACTIONAL_ID_PREFIX);
    }

    public int transactionTimeoutMillis() {
        return values.getInt(TRANSACTION_TIMEOUT);
    }

    /** Properties for every Kafka client, a fresh copy. */
    public Properties kafkaProperties() {
        return read.kafkaProperties();
    }

    /** The same by key, as clients of our own take them. */
    public Map<String, Object> kafkaClient() {
        return read.kafkaClient();
    }
}
