package io.spectrawatch.flink.monitor.config;

import io.spectrawatch.flink.log.LogSettings;
import io.spectrawatch.flink.settings.JobSettings;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.SurgeOptions;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import io.spectrawatch.spectral.sequential.StreamWeights;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Typed settings of the {@code MonitorJob}.
 *
 * <pre>{@code
 * MonitorConfig config = MonitorConfig.fromMap(Map.of(
 *         "bootstrap.servers", "localhost:9092",
 *         "shards", "4",
 *         "kafka.security.protocol", "SSL"));
 * }</pre>
 *
 * <p>Keys that start with {@value JobSettings#KAFKA_PREFIX} go, without it, to every Kafka client;
 * any other unknown key is an error. What shapes a sketch ({@code sketch.*}, {@code block.rows},
 * {@code alpha}) and {@code shards}, {@code merge.buckets} and {@code max.parallelism} are bound to
 * a job's state: change them only with a start without older state.
 */
public final class MonitorConfig {

    private static final long MICROS_PER_MILLI = 1000;

    private final JobSettings read;
    private final MemoryBudget budget;

    private MonitorConfig(JobSettings read) {
        this.read = read;
        this.budget = read.get(MemoryDefinition.MEMORY_BUDGET);
    }

    /** The settings with their meaning, type and default. */
    public static ConfigDef definition() {
        return MonitorDefinition.ALL.definition();
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
        return new MonitorConfig(JobSettings.of(MonitorDefinition.ALL, settings, clientProperties));
    }

    public String bootstrapServers() {
        return read.get(MonitorDefinition.BOOTSTRAP_SERVERS);
    }

    String validatedTopic() {
        return Topics.VALIDATED.topicName(topicPrefix());
    }

    public String topicPrefix() {
        return read.get(MonitorDefinition.TOPIC_PREFIX);
    }

    /** Prefix of the topics that the job writes. */
    public String outputTopicPrefix() {
        String own = read.get(MonitorDefinition.OUTPUT_TOPIC_PREFIX);
        return own.isEmpty() ? topicPrefix() : own;
    }

    String groupId() {
        return read.get(MonitorDefinition.GROUP_ID);
    }

    public String clientId() {
        return read.get(MonitorDefinition.CLIENT_ID);
    }

    /** Partitions of the validated topic. */
    public int shards() {
        return read.get(MonitorDefinition.SHARDS);
    }

    /** The log to read. */
    public LogSettings log() {
        return new LogSettings(
                kafkaProperties(),
                validatedTopic(),
                shards(),
                groupId(),
                clientId(),
                read.get(MonitorDefinition.SOURCE_START),
                read.get(MonitorDefinition.SOURCE_END));
    }

    public SketchSettings sketchSettings() {
        return new SketchSettings(
                read.get(SketchDefinition.SKETCH_KIND),
                read.get(SketchDefinition.SKETCH_ROWS),
                read.get(SketchDefinition.BLOCK_ROWS),
                read.get(SketchDefinition.ALPHA),
                read.get(SketchDefinition.SKETCH_EXACT_ROUNDING),
                read.get(SketchDefinition.SKETCH_PROBES),
                read.get(SketchDefinition.SKETCH_PROBE_SEED),
                read.get(SketchDefinition.SKETCH_EXACT_MEMORY),
                read.get(SketchDefinition.SKETCH_KIND_EXACT_LAYERS),
                read.get(SketchDefinition.SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS),
                read.get(SketchDefinition.KERNELS),
                read.get(SketchDefinition.BASIS_VECTORS),
                read.get(SketchDefinition.SPECTRUM_LENGTH),
                read.get(SketchDefinition.PUBLISH_SKETCH),
                memory(),
                recordedSettings());
    }

    /** Which part of the memory each model has. */
    private MemoryShares memory() {
        return new MemoryShares(
                budget,
                read.get(MemoryDefinition.MODELS_MAX),
                read.get(MemoryDefinition.MODELS_IDLE_PANES),
                shards(),
                read.get(MemoryDefinition.CLOCK_SKEW) * MICROS_PER_MILLI,
                shardDriftMillis() * MICROS_PER_MILLI);
    }

    /** What all sketches may take together; what {@code auto} means in this process. */
    public MemoryBudget budget() {
        return budget;
    }

    /** How far one shard is read ahead of the slowest one, in log time. */
    public long shardDriftMillis() {
        return read.get(MemoryDefinition.SHARD_DRIFT);
    }

    /**
     * Every setting that the job's records depend on, by key, a fresh copy: what a replay is
     * configured with. The kernels are not among them, because manifests name those that ran.
     */
    TreeMap<String, String> recordedSettings() {
        TreeMap<String, String> recorded = read.recorded();
        // What auto means here decides, not the word.
        recorded.put(MemoryDefinition.MEMORY_BUDGET.key(), budget.toString());
        return recorded;
    }

    /** How evidence becomes alerts; every interface of the fleet gets the same share of alpha. */
    public AlertOptions alerts() {
        return new AlertOptions(
                read.get(AlertDefinition.ALERT_ALPHA),
                StreamWeights.equal(read.get(AlertDefinition.ALERT_STREAMS)),
                read.get(AlertDefinition.ALERT_HORIZON),
                read.get(AlertDefinition.ALERT_CALM_PANES),
                read.get(AlertDefinition.ALERT_STRUCTURE_NEEDS_DRIFT));
    }

    /** How samples are scored and become alerts; every model gets the same share of alpha. */
    public DetectSettings detection() {
        return new DetectSettings(
                read.get(DetectionDefinition.DETECT_LEVEL),
                read.get(DetectionDefinition.DETECT_SCORES_SHARE),
                read.get(DetectionDefinition.DETECT_SCORES_SEED),
                read.get(DetectionDefinition.DETECT_CLIENTS_PER_SHARD),
                read.get(DetectionDefinition.DETECT_CLIENTS_BY_TENANT),
                read.get(DetectionDefinition.DETECT_GAIN_POINTS),
                read.get(DetectionDefinition.DETECT_PAIR_LEVEL),
                read.get(DetectionDefinition.DETECT_PAIR_REQUESTS),
                read.get(DetectionDefinition.DETECT_PAIR_CLIENTS),
                read.get(DetectionDefinition.DETECT_OPEN_SAMPLES),
                new AttackOptions(
                        read.get(DetectionDefinition.ATTACK_ALPHA),
                        StreamWeights.equal(read.get(DetectionDefinition.ATTACK_MODELS)),
                        read.get(DetectionDefinition.ATTACK_EXCEEDANCE),
                        Math.min(
                                read.get(DetectionDefinition.ATTACK_DELTA),
                                read.get(DetectionDefinition.ATTACK_ALPHA) / 2),
                        read.get(AlertDefinition.ALERT_HORIZON),
                        read.get(AlertDefinition.ALERT_CALM_PANES),
                        read.get(DetectionDefinition.ATTACK_CLIENTS)),
                new SurgeOptions(
                        read.get(DetectionDefinition.ALERTS_PER_DAY),
                        Math.multiplyExact(read.get(DetectionDefinition.ATTACK_BEAT), 1000L),
                        read.get(DetectionDefinition.ATTACK_EXCEEDANCE),
                        read.get(AlertDefinition.ALERT_CALM_PANES)),
                new TrailOptions(
                        read.get(DetectionDefinition.DETECT_TRAILS_PER_DAY),
                        Math.multiplyExact(
                                shards(), read.get(DetectionDefinition.DETECT_CLIENTS_PER_SHARD)),
                        read.get(AlertDefinition.ALERT_CALM_PANES),
                        read.get(DetectionDefinition.ATTACK_CLIENTS)));
    }

    public int mergeBuckets() {
        return read.get(MonitorDefinition.MERGE_BUCKETS);
    }

    /** Subtasks per operator; 0 leaves it to the cluster. */
    public int parallelism() {
        return read.get(MonitorDefinition.PARALLELISM);
    }

    public int maxParallelism() {
        return read.get(MonitorDefinition.MAX_PARALLELISM);
    }

    public long checkpointIntervalMillis() {
        return read.get(MonitorDefinition.CHECKPOINT_INTERVAL);
    }

    /** Folder of the checkpoints; empty leaves it to the cluster. */
    public String checkpointDir() {
        return read.get(MonitorDefinition.CHECKPOINT_DIR);
    }

    public String transactionalIdPrefix() {
        return read.get(MonitorDefinition.TRANSACTIONAL_ID_PREFIX);
    }

    public int transactionTimeoutMillis() {
        return read.get(MonitorDefinition.TRANSACTION_TIMEOUT);
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
