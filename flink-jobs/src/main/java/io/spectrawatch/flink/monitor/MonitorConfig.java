package io.spectrawatch.flink.monitor;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.log.LogSettings;
import io.spectrawatch.flink.log.NearestName;
import io.spectrawatch.flink.log.SourceOffsets;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * Typed settings of the {@link MonitorJob}.
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
    public static final String KERNELS = "kernels";
    public static final String BASIS_VECTORS = "basis.vectors";
    public static final String SPECTRUM_LENGTH = "spectrum.length";
    public static final String PUBLISH_SKETCH = "publish.sketch";
    public static final String MERGE_BUCKETS = "merge.buckets";
    public static final String PARALLELISM = "parallelism";
    public static final String MAX_PARALLELISM = "max.parallelism";
    public static final String CHECKPOINT_INTERVAL = "checkpoint.interval.ms";
    public static final String CHECKPOINT_DIR = "checkpoint.dir";
    public static final String TRANSACTIONAL_ID_PREFIX = "transactional.id.prefix";
    public static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms";

    /** Prefix of keys that are passed on to the Kafka clients. */
    public static final String KAFKA_PREFIX = "kafka.";

    /** The broker's own limit, transaction.max.timeout.ms, unless an operator changed it. */
    private static final int BROKER_TRANSACTION_LIMIT_MILLIS = 15 * 60 * 1000;

    /** As many shards or buckets as subtasks share evenly; see the spread of keys. */
    private static final int DEFAULT_MAX_PARALLELISM = 1024;

    private static final int FLINK_MAX_PARALLELISM = 1 << 15;

    private static final ConfigDef DEFINITION = define();

    private final AbstractConfig values;
    private final Properties kafka;
    private final SourceOffsets start;
    private final SourceOffsets end;

    private MonitorConfig(Map<String, ?> settings, Properties kafka) {
        this.values = new AbstractConfig(DEFINITION, settings, false);
        this.kafka = kafka;
        this.start = SourceOffsets.parseStart(SOURCE_START, values.getString(SOURCE_START));
        this.end = SourceOffsets.parseEnd(SOURCE_END, values.getString(SOURCE_END));
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
        Properties kafka = new Properties();
        clientProperties.forEach((key, value) -> kafka.setProperty(key, String.valueOf(value)));
        Map<String, Object> own = new HashMap<>();
        for (Map.Entry<String, ?> setting : new TreeMap<>(settings).entrySet()) {
            String key = setting.getKey();
            if (key.startsWith(KAFKA_PREFIX)) {
                kafka.setProperty(
                        key.substring(KAFKA_PREFIX.length()), String.valueOf(setting.getValue()));
            } else {
                requireKnown(key);
                own.put(key, setting.getValue());
            }
        }
        if (!own.containsKey(BOOTSTRAP_SERVERS) && kafka.containsKey(BOOTSTRAP_SERVERS)) {
            own.put(BOOTSTRAP_SERVERS, kafka.getProperty(BOOTSTRAP_SERVERS));
        }
        return new MonitorConfig(own, kafka);
    }

    String bootstrapServers() {
        return values.getString(BOOTSTRAP_SERVERS);
    }

    String validatedTopic() {
        return Topics.VALIDATED.topicName(values.getString(TOPIC_PREFIX));
    }

    String sketchesTopic() {
        return Topics.SKETCHES.topicName(values.getString(TOPIC_PREFIX));
    }

    String groupId() {
        return values.getString(GROUP_ID);
    }

    String clientId() {
        return values.getString(CLIENT_ID);
    }

    /** Partitions of the validated topic. */
    public int shards() {
        return values.getInt(SHARDS);
    }

    /** The log to read. */
    LogSettings log() {
        return new LogSettings(
                kafkaProperties(), validatedTopic(), shards(), groupId(), clientId(), start, end);
    }

    SketchSettings sketchSettings() {
        return new SketchSettings(
                SketchKind.valueOf(enumName(SKETCH_KIND)),
                values.getInt(SKETCH_ROWS),
                values.getInt(BLOCK_ROWS),
                values.getDouble(ALPHA),
                values.getLong(SKETCH_EXACT_MEMORY),
                List.copyOf(values.getList(SKETCH_KIND_EXACT_LAYERS)),
                List.copyOf(values.getList(SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS)),
                KernelChoice.valueOf(enumName(KERNELS)),
                values.getInt(BASIS_VECTORS),
                values.getInt(SPECTRUM_LENGTH),
                values.getBoolean(PUBLISH_SKETCH));
    }

    int mergeBuckets() {
        return values.getInt(MERGE_BUCKETS);
    }

    /** Subtasks per operator; 0 leaves it to the cluster. */
    int parallelism() {
        return values.getInt(PARALLELISM);
    }

    int maxParallelism() {
        return values.getInt(MAX_PARALLELISM);
    }

    long checkpointIntervalMillis() {
        return values.getLong(CHECKPOINT_INTERVAL);
    }

    /** Folder of the checkpoints; empty leaves it to the cluster. */
    String checkpointDir() {
        return values.getString(CHECKPOINT_DIR);
    }

    String transactionalIdPrefix() {
        return values.getString(TRANSACTIONAL_ID_PREFIX);
    }

    int transactionTimeoutMillis() {
        return values.getInt(TRANSACTION_TIMEOUT);
    }

    /** Properties for every Kafka client, a fresh copy. */
    Properties kafkaProperties() {
        Properties copy = new Properties();
        copy.putAll(kafka);
        copy.setProperty(BOOTSTRAP_SERVERS, bootstrapServers());
        return copy;
    }

    private String enumName(String key) {
        return values.getString(key).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static void requireKnown(String key) {
        if (!DEFINITION.names().contains(key)) {
            throw new ConfigException(
                    "unknown key "
                            + key
                            + "; did you mean "
                            + NearestName.of(key, DEFINITION.names())
                            + "? Kafka client properties start with "
                            + KAFKA_PREFIX);
        }
    }

    private static ConfigDef define() {
        ConfigDef definition = new ConfigDef();
        defineInput(definition);
        defineSketch(definition);
        defineRuntime(definition);
        return definition;
    }

    private static void defineInput(ConfigDef definition) {
        definition
                .define(
                        BOOTSTRAP_SERVERS,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Kafka brokers, host:port, separated by commas.")
                .define(
                        TOPIC_PREFIX,
                        Type.STRING,
                        Topics.DEFAULT_PREFIX,
                        Importance.MEDIUM,
                        "Prefix of the topics validated and sketches.")
                .define(
                        SHARDS,
                        Type.INT,
                        4,
                        atLeast(1),
                        Importance.HIGH,
                        "Partitions of the validated topic; every tick must say the same number.")
                .define(
                        GROUP_ID,
                        Type.STRING,
                        "spectrawatch-monitor",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "Consumer group under which read offsets are committed, for lag monitoring.")
                .define(
                        CLIENT_ID,
                        Type.STRING,
                        "spectrawatch-monitor",
                        new ConfigDef.NonEmptyString(),
                        Importance.LOW,
                        "Client id (of the source: its prefix) that brokers see.")
                .define(
                        SOURCE_START,
                        Type.STRING,
                        SourceOffsets.EARLIEST,
                        Importance.MEDIUM,
                        "Where a job without state starts: earliest, committed (the group's offsets,"
                                + " earliest where there are none), or partition:offset for every shard,"
                                + " separated by commas. Only earliest and the offsets of an audit give"
                                + " whole panes; committed continues in the middle of those that were"
                                + " open.")
                .define(
                        SOURCE_END,
                        Type.STRING,
                        "",
                        Importance.LOW,
                        "Where the job ends: partition:offset (exclusive) for every shard, separated"
                                + " by commas; empty: never.");
    }

    private static void defineSketch(ConfigDef definition) {
        definition
                .define(
                        SKETCH_KIND,
                        Type.STRING,
                        "auto",
                        ValidString.in("auto", "exact", "frequent-directions"),
                        Importance.MEDIUM,
                        "How a layer's second moment is kept; auto takes the exact moment where the"
                                + " layer is narrow against sketch.rows and fits"
                                + " sketch.exact.memory.bytes.")
                .define(
                        SKETCH_KIND_EXACT_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Layers kept exact whatever sketch.kind says: names, or * and an ending.")
                .define(
                        SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Layers sketched by alpha-Frequent-Directions whatever sketch.kind says:"
                                + " names, or * and an ending; a layer narrower than sketch.rows stays"
                                + " exact.")
                .define(
                        SKETCH_ROWS,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.MEDIUM,
                        "Directions a sketch keeps, l.")
                .define(
                        SKETCH_EXACT_MEMORY,
                        Type.LONG,
                        64L << 20,
                        atLeast(0),
                        Importance.LOW,
                        "Largest exact moment that auto keeps, bytes.")
                .define(
                        BLOCK_ROWS,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.LOW,
                        "Rows per update of a sketch, B.")
                .define(
                        ALPHA,
                        Type.DOUBLE,
                        0.5,
                        between(0, 1),
                        Importance.LOW,
                        "Share of a sketch's directions that shrink.")
                .define(
                        KERNELS,
                        Type.STRING,
                        "auto",
                        ValidString.in("auto", "host", "onnx-cpu", "cuda"),
                        Importance.MEDIUM,
                        "What does the dense arithmetic.")
                .define(
                        BASIS_VECTORS,
                        Type.INT,
                        32,
                        between(0, 1024),
                        Importance.MEDIUM,
                        "Most basis vectors published per layer and pane, k; fewer for layers so"
                                + " wide that k vectors pass 4 MiB.")
                .define(
                        SPECTRUM_LENGTH,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.LOW,
                        "Most eigenvalues published per layer and pane.")
                .define(
                        PUBLISH_SKETCH,
                        Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Whether the whole sketch follows its summary in chunks.")
                .define(
                        MERGE_BUCKETS,
                        Type.INT,
                        32,
                        between(1, 1024),
                        Importance.LOW,
                        "Keys over which the merging of shards is spread.");
    }

    private static void defineRuntime(ConfigDef definition) {
        definition
                .define(
                        PARALLELISM,
                        Type.INT,
                        0,
                        atLeast(0),
                        Importance.MEDIUM,
                        "Subtasks per operator; 0: as the cluster says. More than shards are idle.")
                .define(
                        MAX_PARALLELISM,
                        Type.INT,
                        DEFAULT_MAX_PARALLELISM,
                        between(1, FLINK_MAX_PARALLELISM),
                        Importance.LOW,
                        "Key groups of the state; at least parallelism x shards spreads evenly.")
                .define(
                        CHECKPOINT_INTERVAL,
                        Type.LONG,
                        10_000L,
                        atLeast(10),
                        Importance.MEDIUM,
                        "Time between checkpoints, and so until published sketches are visible.")
                .define(
                        CHECKPOINT_DIR,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Folder (URI) of the checkpoints; empty: as the cluster says. Without any,"
                                + " Flink keeps them in memory and refuses more than 5 MiB per subtask.")
                .define(
                        TRANSACTIONAL_ID_PREFIX,
                        Type.STRING,
                        "spectrawatch-monitor",
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Prefix of the sink's transactional ids; unique per job on a Kafka cluster.")
                .define(
                        TRANSACTION_TIMEOUT,
                        Type.INT,
                        600_000,
                        between(1_000, BROKER_TRANSACTION_LIMIT_MILLIS),
                        Importance.LOW,
                        "After this a broker aborts a transaction; longer than any outage that must"
                                + " not lose sketches, shorter than the brokers'"
                                + " transaction.max.timeout.ms.");
    }
}
