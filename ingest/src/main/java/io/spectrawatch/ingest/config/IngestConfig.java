package io.spectrawatch.ingest.config;

import io.spectrawatch.schemas.NearestName;
import io.spectrawatch.schemas.Topics;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Ingest's own settings; how to reach Kafka is given beside them.
 *
 * <pre>{@code
 * IngestConfig config = IngestConfig.fromMap(Map.of("pane.ms", "60000"));
 * }</pre>
 */
public final class IngestConfig {

    public static final String APPLICATION_ID = "application.id";
    public static final String TOPIC_PREFIX = "topic.prefix";
    public static final String STATE_DIR = "state.dir";
    public static final String THREADS = "threads";
    public static final String PANE = "pane.ms";
    public static final String LATENESS = "lateness.ms";
    public static final String TICK_INTERVAL = "tick.interval.ms";
    public static final String MAX_CLOCK_SKEW = "max.clock.skew.ms";
    public static final String MAX_LATE_AGE = "max.late.age.ms";
    public static final String REQUIRE_APPEND_TIME = "require.append.time";
    public static final String LOG_FORM = "log.form";
    public static final String DEDUP_WINDOW = "dedup.window";
    public static final String DEDUP_CAPTURES = "dedup.captures";
    public static final String MODELS = "limit.models";
    public static final String LAYERS = "limit.layers";
    public static final String COLUMNS = "limit.columns";
    public static final String SNAPSHOT_COLUMNS = "limit.snapshot.columns";
    public static final String CAPTURE_MODELS = "limit.capture.models";
    public static final String SAMPLES = "limit.samples";
    public static final String OPEN_SAMPLES = "limit.open.samples";
    public static final String TEXT = "limit.text";
    public static final String METRIC_MODELS = "limit.metric.models";

    private static final long MAX_MILLIS = 366L * 24 * 60 * 60 * 1000;
    private static final int MAX_DEDUP_WINDOW = 1 << 16;

    /** Far below what fits beside a value of the largest size: a key is an id. */
    private static final int MAX_TEXT = 4096;

    private final AbstractConfig values;

    private IngestConfig(AbstractConfig values) {
        this.values = values;
    }

    /** Every setting with type, default, allowed range and meaning. */
    public static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        defineService(definition);
        defineLog(definition);
        defineTime(definition);
        defineLimits(definition);
        return definition;
    }

    /**
     * Reads settings, defaults for what is absent.
     *
     * @throws ConfigException if a key is unknown (it and the nearest known one are named) or a
     *     value is not allowed
     */
    public static IngestConfig fromMap(Map<String, ?> settings) {
        ConfigDef definition = definition();
        for (String key : new TreeMap<>(settings).keySet()) {
            if (!definition.names().contains(key)) {
                throw new ConfigException(
                        "unknown setting '"
                                + key
                                + "'; did you mean '"
                                + NearestName.of(key, definition.names())
                                + "'?");
            }
        }
        return new IngestConfig(new AbstractConfig(definition, settings, false));
    }

    private static void defineService(ConfigDef definition) {
        definition
                .define(
                        APPLICATION_ID,
                        Type.STRING,
                        "spectrawatch.ingest",
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Consumer group and prefix of the changelog topics; the same on every "
                                + "instance of one ingest service.")
                .define(
                        TOPIC_PREFIX,
                        Type.STRING,
                        Topics.DEFAULT_PREFIX,
                        Importance.HIGH,
                        "Prefix of every topic's name.")
                .define(
                        STATE_DIR,
                        Type.STRING,
                        "",
                        Importance.LOW,
                        "Folder for checkpoint files; empty: Kafka Streams' own default below "
                                + "the temporary folder. State itself lives in memory and in "
                                + "changelog topics.")
                .define(
                        THREADS,
                        Type.INT,
                        1,
                        Range.between(1, 1024),
                        Importance.MEDIUM,
                        "Stream threads of this instance; shards are spread over the threads of "
                                + "all instances.");
    }

    private static void defineLog(ConfigDef definition) {
        definition.define(
                LOG_FORM,
                Type.STRING,
                name(LogForm.AUTO),
                ConfigDef.ValidString.in(
                        Arrays.stream(LogForm.values())
                                .map(IngestConfig::name)
                                .toArray(String[]::new)),
                Importance.MEDIUM,
                "What the validated log holds for an accepted snapshot: copies of it, or verdicts"
                        + " that lead to it in the activations topic, at half of the brokers' bytes;"
                        + " then that topic must be kept longer than the log. auto: verdicts where it"
                        + " is.");
    }

    private static String name(LogForm form) {
        return form.name().toLowerCase(Locale.ROOT);
    }

    private static void defineTime(ConfigDef definition) {
        millis(definition, PANE, 60_000, 1, "Length of an event-time pane.");
        millis(
                definition,
                LATENESS,
                10_000,
                0,
                "How long after its end, in append time, a pane stays open.");
        millis(
                definition,
                TICK_INTERVAL,
                1_000,
                1,
                "How often each shard's clock is written into the validated log.");
        millis(
                definition,
                MAX_CLOCK_SKEW,
                30_000,
                0,
                "How far capturedAt may be ahead of the append time.");
        millis(
                definition,
                MAX_LATE_AGE,
                15 * 60_000,
                0,
                "A snapshot whose pane is closed is taken into the oldest pane that is open unless "
                        + "it was appended this long after it was captured; then it is refused. "
                        + "Longer than clients keep trying to deliver, which is 5 minutes for ours.");
        definition.define(
                REQUIRE_APPEND_TIME,
                Type.BOOLEAN,
                true,
                Importance.LOW,
                "Refuse to start unless the brokers stamp the activations topic "
                        + "(message.timestamp.type=LogAppendTime). Without that clients own the "
                        + "reference clock: for replays and demonstrations only.");
    }

    private static void defineLimits(ConfigDef definition) {
        definition.define(
                DEDUP_WINDOW,
                Type.INT,
                1024,
                Range.between(64, MAX_DEDUP_WINDOW),
                Importance.MEDIUM,
                "Sequence numbers below the highest of a captureId that are told apart, rounded "
                        + "up to a multiple of 64; older ones count as duplicates.");
        count(
                definition,
                DEDUP_CAPTURES,
                10_000,
                "captureIds remembered per shard; the one not heard of for longest goes first.");
        count(
                definition,
                MODELS,
                1_000,
                "Model versions remembered per shard, and so many times the shards by all of them "
                        + "together; the one first seen goes first. The same on every instance.");
        count(definition, LAYERS, 1_024, "Layers of a snapshot, and of a model version.");
        count(definition, COLUMNS, 1 << 20, "Columns of a layer.");
        count(
                definition,
                SNAPSHOT_COLUMNS,
                1 << 21,
                "Columns of all layers of a snapshot together; see the sizing page for what the"
                        + " monitor can watch of them.");
        count(
                definition,
                CAPTURE_MODELS,
                16,
                "Model versions that one captureId may send within an hour; all of a shard together"
                        + " may send limit.models.");
        count(definition, SAMPLES, 65_536, "Samples of a snapshot.");
        count(
                definition,
                OPEN_SAMPLES,
                65_536,
                "Samples of several parts remembered per shard until their pane closes; the one"
                        + " whose first part came first goes first.");
        definition.define(
                TEXT,
                Type.INT,
                256,
                Range.between(1, MAX_TEXT),
                Importance.LOW,
                "Characters of an id, a name or a version.");
        count(
                definition,
                METRIC_MODELS,
                200,
                "Model versions with metrics of their own; further ones share one series.");
    }

    private static void millis(
            ConfigDef definition, String name, long value, long least, String meaning) {
        definition.define(
                name,
                Type.LONG,
                value,
                Range.between(least, MAX_MILLIS),
                Importance.HIGH,
                meaning + " Milliseconds.");
    }

    private static void count(ConfigDef definition, String name, int value, String meaning) {
        definition.define(name, Type.INT, value, Range.atLeast(1), Importance.LOW, meaning);
    }

    /** The settings under their names, defaults included. */
    public Map<String, ?> values() {
        return values.values();
    }

    public String applicationId() {
        return values.getString(APPLICATION_ID);
    }

    public String topicPrefix() {
        return values.getString(TOPIC_PREFIX);
    }

    public String stateDir() {
        return values.getString(STATE_DIR);
    }

    public int threads() {
        return values.getInt(THREADS);
    }

    /** Length of a pane in microseconds. */
    public long paneMicros() {
        return micros(PANE);
    }

    /** Lateness in microseconds. */
    public long latenessMicros() {
        return micros(LATENESS);
    }

    public long tickIntervalMillis() {
        return values.getLong(TICK_INTERVAL);
    }

    public long tickIntervalMicros() {
        return micros(TICK_INTERVAL);
    }

    public long maxClockSkewMicros() {
        return micros(MAX_CLOCK_SKEW);
    }

    public long maxLateAgeMicros() {
        return micros(MAX_LATE_AGE);
    }

    public boolean requireAppendTime() {
        return values.getBoolean(REQUIRE_APPEND_TIME);
    }

    /** The same settings with a form of the log that was decided. */
    public IngestConfig withLogForm(LogForm form) {
        Map<String, Object> settings = new HashMap<>(values.values());
        settings.put(LOG_FORM, name(form));
        return fromMap(settings);
    }

    /** What the log is to hold. */
    public LogForm logForm() {
        return LogForm.valueOf(values.getString(LOG_FORM).toUpperCase(Locale.ROOT));
    }

    public int dedupWindow() {
        return values.getInt(DEDUP_WINDOW);
    }

    public int dedupCaptures() {
        return values.getInt(DEDUP_CAPTURES);
    }

    public int models() {
        return values.getInt(MODELS);
    }

    /** Model versions whose identity is remembered over all shards. */
    public int registerModels(int shards) {
        return (int) Math.min(Integer.MAX_VALUE, (long) models() * shards);
    }

    public int layers() {
        return values.getInt(LAYERS);
    }

    public int columns() {
        return values.getInt(COLUMNS);
    }

    public int snapshotColumns() {
        return values.getInt(SNAPSHOT_COLUMNS);
    }

    public int captureModels() {
        return values.getInt(CAPTURE_MODELS);
    }

    public int samples() {
        return values.getInt(SAMPLES);
    }

    public int openSamples() {
        return values.getInt(OPEN_SAMPLES);
    }

    public int textLength() {
        return values.getInt(TEXT);
    }

    public int metricModels() {
        return values.getInt(METRIC_MODELS);
    }

    private long micros(String name) {
        return values.getLong(name) * 1000L;
    }
}
