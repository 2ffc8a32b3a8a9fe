package io.spectrawatch.flink.calibrate.config;

import io.spectrawatch.flink.settings.JobSettings;
import io.spectrawatch.flink.weights.HeadSource;
import io.spectrawatch.flink.weights.KafkaHeads;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Typed settings of the {@code CalibrateJob}.
 *
 * <pre>{@code
 * CalibrateConfig config = CalibrateConfig.fromMap(Map.of(
 *         CalibrateConfig.BOOTSTRAP_SERVERS, "localhost:9092",
 *         CalibrateConfig.SHARDS, "4",
 *         CalibrateConfig.MODEL_ID, "encoder",
 *         CalibrateConfig.TIME_START, "2026-03-01T12:00:00Z",
 *         CalibrateConfig.TIME_END, "2026-03-01T13:00:00Z"));
 * }</pre>
 *
 * <p>The range is named by time or by offsets. Keys that start with {@value #KAFKA_PREFIX} go,
 * without it, to every Kafka client; any other unknown key is an error.
 */
public final class CalibrateConfig {

    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    public static final String TOPIC_PREFIX = "topic.prefix";
    public static final String GROUP_ID = "group.id";
    public static final String CLIENT_ID = "client.id";
    public static final String SHARDS = "shards";
    public static final String MODEL_ID = "model.id";
    public static final String MODEL_VERSION = "model.version";
    public static final String TIME_START = "source.time.start";
    public static final String TIME_END = "source.time.end";
    public static final String OFFSETS_START = "source.offsets.start";
    public static final String OFFSETS_END = "source.offsets.end";
    public static final String SPLIT_SEED = "split.seed";
    public static final String WINDOW_RANK = "window.rank";
    public static final String GROUPS = "groups";
    public static final String GROUPS_LAYERS = "groups.layers";
    public static final String CHANNELS_LAYERS = "channels.layers";
    public static final String SKETCH_KIND = "sketch.kind";
    public static final String SKETCH_ROWS = "sketch.rows";
    public static final String SKETCH_EXACT_MEMORY = "sketch.exact.memory.bytes";
    public static final String BLOCK_ROWS = "block.rows";
    public static final String ALPHA = "alpha";
    public static final String KERNELS = "kernels";
    public static final String MODE = "mode";
    public static final String SCOPE = "scope";
    public static final String SUPPORTS = "supports";
    public static final String ENERGY_SHARE = "threshold.energy.share";
    public static final String FEWEST_ACTIVE = "threshold.fewest.active";
    public static final String MOST_ACTIVE_SHARE = "threshold.most.active.share";
    public static final String EDGE_THRESHOLD = "edge.threshold";
    public static final String HUB_DEGREE = "hub.degree";
    public static final String NOISE_CAP = "noise.cap";
    public static final String WEAK_ROW = "weak.row";
    public static final String ROW_ANGLE = "row.angle.degrees";
    public static final String MINIMUM_ROWS = "minimum.rows";
    public static final String MINIMUM_CERTIFIED = "minimum.certified";
    public static final String POOL_ROWS = "pool.rows";
    public static final String MOST_POOL_ROWS = "pool.rows.most";
    public static final String DRIFT_TOLERANCE = "drift.tolerance";
    public static final String SPECTRUM_TOLERANCE = "spectrum.tolerance";
    public static final String DETECT_SAMPLES = "detect.samples";
    public static final String DETECT_MEMORY = "detect.memory.bytes";
    public static final String DETECT_LAYERS = "detect.layers";
    public static final String DETECT_COORDINATES = "detect.coordinates";
    public static final String DETECT_HEAD = "detect.head";
    public static final String PARALLELISM = "parallelism";
    public static final String MAX_PARALLELISM = "max.parallelism";

    /** Prefix of keys that are passed on to the Kafka clients. */
    public static final String KAFKA_PREFIX = JobSettings.KAFKA_PREFIX;

    /** As many as a window has directions at most: the moments grow with their square. */
    private static final int MOST_CHANNELS = 1024;

    /** A head that is being written is there within this, or something is wrong. */
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);

    private static final ConfigDef DEFINITION = CalibrateDefinition.define();

    private final JobSettings read;
    private final AbstractConfig values;
    private final CalibrateSettings settings;
    private final Instant timeStart;
    private final Instant timeEnd;

    private CalibrateConfig(JobSettings read) {
        this.read = read;
        this.values = read.values();
        this.timeStart = time(TIME_START);
        this.timeEnd = time(TIME_END);
        requireOneRange();
        this.settings = readSettings();
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
    public static CalibrateConfig fromMap(Map<String, ?> settings) {
        return fromMap(settings, Map.of());
    }

    /**
     * Reads settings by key, and properties for every Kafka client beside them.
     *
     * @param clientProperties such as security settings, by Kafka's own names; a {@code
     *     bootstrap.servers} among them counts where the settings have none
     * @throws ConfigException as in {@link #fromMap(Map)}
     */
    public static CalibrateConfig fromMap(
            Map<String, ?> settings, Map<String, ?> clientProperties) {
        return new CalibrateConfig(JobSettings.of(DEFINITION, settings, clientProperties));
    }

    private void requireOneRange() {
        boolean byTime = timeStart != null && timeEnd != null;
        boolean byOffsets = !offsetsStart().isEmpty() && !offsetsEnd().isEmpty();
        boolean halfTime = timeStart == null ^ timeEnd == null;
        boolean halfOffsets = offsetsStart().isEmpty() ^ offsetsEnd().isEmpty();
        if (byTime == byOffsets || halfTime || halfOffsets) {
            throw new ConfigException(
                    "a range is either "
                            + TIME_START
                            + " and "
                            + TIME_END
                            + " or "
                            + OFFSETS_START
                            + " and "
                            + OFFSETS_END);
        }
        if (byTime && !timeStart.isBefore(timeEnd)) {
            throw new ConfigException(TIME_END, timeEnd, "must be after " + timeStart);
        }
    }

    private Instant time(String key) {
        String value = values.getString(key);
        try {
            return value.isEmpty() ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw new ConfigException(key, value, "expected a time such as 2026-03-01T12:00:00Z");
        }
    }

    private CalibrateSettings readSettings() {
        try {
            return new CalibrateSettings(
                    values.getString(MODEL_ID),
                    values.getString(MODEL_VERSION),
                    values.getLong(SPLIT_SEED),
                    shards(),
                    values.getInt(WINDOW_RANK),
                    values.getInt(GROUPS),
                    layerGroups(),
                    channels(),
                    sketching(),
                    certifying(),
                    detecting());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    private CalibrateSettings.Sketching sketching() {
        return new CalibrateSettings.Sketching(
                SketchKind.valueOf(read.enumName(SKETCH_KIND)),
                values.getInt(SKETCH_ROWS),
                values.getInt(BLOCK_ROWS),
                values.getDouble(ALPHA),
                values.getLong(SKETCH_EXACT_MEMORY),
                KernelChoice.valueOf(read.enumName(KERNELS)));
    }

    private CalibrateSettings.Detecting detecting() {
        return new CalibrateSettings.Detecting(
                List.copyOf(values.getList(DETECT_LAYERS)),
                values.getInt(DETECT_SAMPLES),
                values.getLong(DETECT_MEMORY),
                values.getInt(DETECT_COORDINATES));
    }

    private CertificateOptions certifying() {
        return new CertificateOptions(
                CertificateOptions.Mode.valueOf(read.enumName(MODE)),
                CertificateOptions.Scope.valueOf(read.enumName(SCOPE)),
                new ThresholdOptions(
                        values.getDouble(ENERGY_SHARE),
                        values.getInt(FEWEST_ACTIVE),
                        values.getDouble(MOST_ACTIVE_SHARE),
                        values.getDouble(EDGE_THRESHOLD),
                        values.getInt(HUB_DEGREE),
                        ThresholdOptions.Supports.valueOf(read.enumName(SUPPORTS))),
                values.getDouble(NOISE_CAP),
                values.getDouble(WEAK_ROW),
                Math.toRadians(values.getDouble(ROW_ANGLE)),
                values.getLong(MINIMUM_ROWS),
                values.getDouble(MINIMUM_CERTIFIED),
                values.getLong(POOL_ROWS),
                values.getLong(MOST_POOL_ROWS),
                values.getDouble(DRIFT_TOLERANCE),
                values.getDouble(SPECTRUM_TOLERANCE),
                null);
    }

    private LayerPatterns<Integer> layerGroups() {
        return LayerPatterns.parse(
                GROUPS_LAYERS,
                values.getList(GROUPS_LAYERS),
                "layer:blocks, as in block.0:12,*mlp:8",
                text -> positive(Integer.parseInt(text)),
                (first, second) -> second);
    }

    private static Integer positive(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("not positive: " + value);
        }
        return value;
    }

    private LayerPatterns<int[]> channels() {
        return LayerPatterns.parse(
                CHANNELS_LAYERS,
                values.getList(CHANNELS_LAYERS),
                "layer:first-last or layer:channel with at most "
                        + MOST_CHANNELS
                        + " channels of a layer, as in block.0:0-63,block.0:128",
                CalibrateConfig::range,
                CalibrateConfig::joined);
    }

    private static int[] range(String text) {
        int dash = text.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash).trim());
        int last = Integer.parseInt(text.substring(dash + 1).trim());
        return atMost(IntStream.rangeClosed(first, last).limit(MOST_CHANNELS + 1L), first);
    }

    private static int[] joined(int[] a, int[] b) {
        return atMost(IntStream.concat(IntStream.of(a), IntStream.of(b)), 0);
    }

    private static int[] atMost(IntStream channels, int first) {
        int[] sorted = channels.distinct().sorted().toArray();
        if (first < 0 || sorted.length == 0 || sorted.length > MOST_CHANNELS) {
            throw new IllegalArgumentException(sorted.length + " channels from " + first);
        }
        return sorted;
    }

    String bootstrapServers() {
        return values.getString(BOOTSTRAP_SERVERS);
    }

    public String topicPrefix() {
        return values.getString(TOPIC_PREFIX);
    }

    public String validatedTopic() {
        return Topics.VALIDATED.topicName(topicPrefix());
    }

    public String groupId() {
        return values.getString(GROUP_ID);
    }

    public String clientId() {
        return values.getString(CLIENT_ID);
    }

    /** Partitions of the validated topic. */
    public int shards() {
        return values.getInt(SHARDS);
    }

    /** Start of the range, or null where offsets name it. */
    Instant timeStart() {
        return timeStart;
    }

    Instant timeEnd() {
        return timeEnd;
    }

    String offsetsStart() {
        return values.getString(OFFSETS_START);
    }

    String offsetsEnd() {
        return values.getString(OFFSETS_END);
    }

    public CalibrateSettings settings() {
        return settings;
    }

    /** Subtasks per operator; 0 leaves it to the cluster. */
    public int parallelism() {
        return values.getInt(PARALLELISM);
    }

    /** Where the head's weights come from, null if they are not wanted. */
    public HeadSource heads() {
        if (!values.getBoolean(DETECT_HEAD)) {
            return null;
        }
        return new KafkaHeads(kafkaClient(), topicPrefix(), HEAD_TIMEOUT);
    }

    public int maxParallelism() {
        return values.getInt(MAX_PARALLELISM);
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
