package io.spectrawatch.flink.calibrate.config;

import io.spectrawatch.flink.settings.JobSettings;
import io.spectrawatch.flink.weights.HeadSource;
import io.spectrawatch.flink.weights.KafkaHeads;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Typed settings of the {@code CalibrateJob}.
 *
 * <pre>{@code
 * CalibrateConfig config = CalibrateConfig.fromMap(Map.of(
 *         "bootstrap.servers", "localhost:9092",
 *         "shards", "4",
 *         "model.id", "encoder",
 *         "source.time.start", "2026-03-01T12:00:00Z",
 *         "source.time.end", "2026-03-01T13:00:00Z"));
 * }</pre>
 *
 * <p>The range is named by time or by offsets. Keys that start with {@value
 * JobSettings#KAFKA_PREFIX} go, without it, to every Kafka client; any other unknown key is an
 * error.
 */
public final class CalibrateConfig {

    /** As many as a window has directions at most: the moments grow with their square. */
    private static final int MOST_CHANNELS = 1024;

    /** A head that is being written is there within this, or something is wrong. */
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);

    private final JobSettings read;
    private final CalibrateSettings settings;

    private CalibrateConfig(JobSettings read) {
        this.read = read;
        requireOneRange();
        this.settings = readSettings();
    }

    /** The settings with their meaning, type and default. */
    public static ConfigDef definition() {
        return CalibrateDefinition.ALL.definition();
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
        return new CalibrateConfig(
                JobSettings.of(CalibrateDefinition.ALL, settings, clientProperties));
    }

    private void requireOneRange() {
        boolean byTime = timeStart() != null && timeEnd() != null;
        boolean byOffsets = !offsetsStart().isEmpty() && !offsetsEnd().isEmpty();
        boolean halfTime = timeStart() == null ^ timeEnd() == null;
        boolean halfOffsets = offsetsStart().isEmpty() ^ offsetsEnd().isEmpty();
        if (byTime == byOffsets || halfTime || halfOffsets) {
            throw new ConfigException(
                    "a range is either "
                            + CalibrateDefinition.TIME_START.key()
                            + " and "
                            + CalibrateDefinition.TIME_END.key()
                            + " or "
                            + CalibrateDefinition.OFFSETS_START.key()
                            + " and "
                            + CalibrateDefinition.OFFSETS_END.key());
        }
        if (byTime && !timeStart().isBefore(timeEnd())) {
            throw new ConfigException(
                    CalibrateDefinition.TIME_END.key(), timeEnd(), "must be after " + timeStart());
        }
    }

    private CalibrateSettings readSettings() {
        try {
            return new CalibrateSettings(
                    read.get(CalibrateDefinition.MODEL_ID),
                    read.get(CalibrateDefinition.MODEL_VERSION),
                    read.get(CalibrateDefinition.WHERE),
                    read.get(WindowDefinition.SPLIT_SEED),
                    shards(),
                    read.get(WindowDefinition.WINDOW_RANK),
                    read.get(CertificateDefinition.GROUPS),
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
                read.get(WindowDefinition.SKETCH_KIND),
                read.get(WindowDefinition.SKETCH_ROWS),
                read.get(WindowDefinition.BLOCK_ROWS),
                read.get(WindowDefinition.ALPHA),
                read.get(WindowDefinition.SKETCH_EXACT_MEMORY),
                read.get(WindowDefinition.KERNELS));
    }

    private CalibrateSettings.Detecting detecting() {
        return new CalibrateSettings.Detecting(
                read.get(DetectorDefinition.DETECT_LAYERS),
                read.get(DetectorDefinition.DETECT_SAMPLES),
                read.get(DetectorDefinition.DETECT_MEMORY),
                read.get(DetectorDefinition.DETECT_COORDINATES),
                read.get(DetectorDefinition.DETECT_EVIDENCE_LAYERS));
    }

    private CertificateOptions certifying() {
        return CertificateOptions.builder()
                .mode(read.get(CertificateDefinition.MODE))
                .scope(read.get(CertificateDefinition.SCOPE))
                .thresholds(
                        new ThresholdOptions(
                                read.get(CertificateDefinition.ENERGY_SHARE),
                                read.get(CertificateDefinition.FEWEST_ACTIVE),
                                read.get(CertificateDefinition.MOST_ACTIVE_SHARE),
                                read.get(CertificateDefinition.EDGE_THRESHOLD),
                                read.get(CertificateDefinition.HUB_DEGREE),
                                read.get(CertificateDefinition.SUPPORTS)))
                .noiseCap(read.get(CertificateDefinition.NOISE_CAP))
                .weakRow(read.get(CertificateDefinition.WEAK_ROW))
                .rowAngle(Math.toRadians(read.get(CertificateDefinition.ROW_ANGLE)))
                .minimumRows(read.get(CertificateDefinition.MINIMUM_ROWS))
                .minimumCertified(read.get(CertificateDefinition.MINIMUM_CERTIFIED))
                .poolRows(read.get(CertificateDefinition.POOL_ROWS))
                .mostPoolRows(read.get(CertificateDefinition.MOST_POOL_ROWS))
                .driftTolerance(read.get(CertificateDefinition.DRIFT_TOLERANCE))
                .spectrumTolerance(read.get(CertificateDefinition.SPECTRUM_TOLERANCE))
                .build();
    }

    private LayerPatterns<Integer> layerGroups() {
        return LayerPatterns.parse(
                CertificateDefinition.GROUPS_LAYERS.key(),
                read.get(CertificateDefinition.GROUPS_LAYERS),
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
                WindowDefinition.CHANNELS_LAYERS.key(),
                read.get(WindowDefinition.CHANNELS_LAYERS),
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
        return read.get(CalibrateDefinition.BOOTSTRAP_SERVERS);
    }

    public String topicPrefix() {
        return read.get(CalibrateDefinition.TOPIC_PREFIX);
    }

    public String validatedTopic() {
        return Topics.VALIDATED.topicName(topicPrefix());
    }

    public String groupId() {
        return read.get(CalibrateDefinition.GROUP_ID);
    }

    public String clientId() {
        return read.get(CalibrateDefinition.CLIENT_ID);
    }

    /** Partitions of the validated topic. */
    public int shards() {
        return read.get(CalibrateDefinition.SHARDS);
    }

    /** Start of the range, or null where offsets name it. */
    Instant timeStart() {
        return read.get(CalibrateDefinition.TIME_START);
    }

    Instant timeEnd() {
        return read.get(CalibrateDefinition.TIME_END);
    }

    String offsetsStart() {
        return read.get(CalibrateDefinition.OFFSETS_START);
    }

    String offsetsEnd() {
        return read.get(CalibrateDefinition.OFFSETS_END);
    }

    public CalibrateSettings settings() {
        return settings;
    }

    /** Subtasks per operator; 0 leaves it to the cluster. */
    public int parallelism() {
        return read.get(CalibrateDefinition.PARALLELISM);
    }

    /** Where the head's weights come from, null if they are not wanted. */
    public HeadSource heads() {
        if (!read.get(DetectorDefinition.DETECT_HEAD)) {
            return null;
        }
        return new KafkaHeads(kafkaClient(), topicPrefix(), HEAD_TIMEOUT);
    }

    public int maxParallelism() {
        return read.get(CalibrateDefinition.MAX_PARALLELISM);
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
