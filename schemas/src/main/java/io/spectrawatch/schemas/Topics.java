package io.spectrawatch.schemas;

import java.util.HashMap;
import java.util.Map;

/**
 * The catalogue of topics: what each holds, its key, its clean-up policy and its limits.
 *
 * <p>{@link #ACTIVATIONS} and {@link #VALIDATED} have the same partitions, because a partition is a
 * shard. Names carry a prefix, {@value #DEFAULT_PREFIX} unless configured.
 */
public enum Topics {
    /**
     * {@link ActivationSnapshot}s as clients send them, keyed by captureId; kept a day longer than
     * the verdicts that lead to them.
     */
    ACTIVATIONS("activations", Cleanup.DELETE, true, days(8), Stamp.APPEND_TIME),
    /**
     * {@link AcceptedSnapshot}s, or accepted snapshots themselves and late ones as {@link
     * LateSnapshot}; {@link Tick}s and {@link Activate}s; partition = shard.
     */
    VALIDATED("validated", Cleanup.DELETE, true, days(7), Stamp.CREATE_TIME),
    /** Refused records with their original key and value, and the reason in headers. */
    REJECTED("rejected", Cleanup.DELETE, true, days(7), Stamp.CREATE_TIME),
    /** {@link LayerCatalogueEntry} by model/version/layer. */
    LAYERS("layers", Cleanup.COMPACT, false, -1, Stamp.CREATE_TIME),
    /**
     * {@link LayerSketch} and {@link SketchChunk} by model/version/layer; {@link UnwatchedLayers}
     * by model/version.
     */
    SKETCHES("sketches", Cleanup.DELETE, false, days(90), Stamp.CREATE_TIME),
    /** {@link InterfaceCertificate} by model/version/interface. */
    CERTIFICATES("certificates", Cleanup.DELETE, false, days(90), Stamp.CREATE_TIME),
    /** {@link SampleScores}, {@link AttackEvidence} and {@link GainGrowth} by model/version. */
    SCORES("scores", Cleanup.DELETE, false, days(30), Stamp.CREATE_TIME),
    /** {@link Alert} by model/version. */
    ALERTS("alerts", Cleanup.DELETE, false, days(365), Stamp.CREATE_TIME),
    /** {@link BaselineChunk} by id/chunk/index, then {@link BaselineEntry} by id/entry. */
    BASELINES("baselines", Cleanup.COMPACT, false, -1, Stamp.CREATE_TIME),
    /** {@link ModelChunk} by digest/chunk/index, then {@link ModelEntry} by model/version/entry. */
    MODELS("models", Cleanup.COMPACT, false, -1, Stamp.CREATE_TIME),
    /** {@link Activate}s as requested; who may write here decides what models are judged by. */
    ACTIVATION("activation", Cleanup.DELETE, false, -1, Stamp.CREATE_TIME),
    /**
     * {@link ModelIdentity} by model/version, as every shard claims it; the first that contradicts
     * none before it counts, which is why it is not compacted. Shards claim again what they know
     * and it no longer has.
     */
    IDENTITIES("identities", Cleanup.DELETE, false, days(90), Stamp.CREATE_TIME),
    /** {@link AlertNote} by alert id; kept as long as the alerts. */
    ALERT_NOTES("alert-notes", Cleanup.DELETE, false, days(365), Stamp.CREATE_TIME);

    /** Prefix of every topic's name. */
    public static final String DEFAULT_PREFIX = "spectrawatch.";

    /** Largest record of any topic, in bytes: 8 MiB, the same for producers, topics, consumers. */
    public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    /**
     * Room beside the value that a batch of one record may need: key, headers, framing, and the
     * reason headers of a dead letter. Topics and clients allow {@link #MAX_RECORD_BYTES} plus
     * this.
     */
    public static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

    private static final long VALIDATED_SEGMENT_MILLIS = 6L * 60 * 60 * 1000;

    /** Before a segment in a key. */
    private static final String IN_SEGMENT = "%in";

    private final String suffix;
    private final Cleanup cleanup;
    private final boolean sharded;
    private final long retentionMillis;
    private final Stamp stamp;

    Topics(String suffix, Cleanup cleanup, boolean sharded, long retentionMillis, Stamp stamp) {
        this.suffix = suffix;
        this.cleanup = cleanup;
        this.sharded = sharded;
        this.retentionMillis = retentionMillis;
        this.stamp = stamp;
    }

    /** Full name, for example {@code spectrawatch.activations}. */
    public String topicName(String prefix) {
        return prefix + suffix;
    }

    /**
     * Name of the activations topic beside a validated one.
     *
     * @param validated full name of the validated topic
     * @throws IllegalArgumentException if it is not the name of one
     */
    public static String activationsOf(String validated) {
        if (!validated.endsWith(VALIDATED.suffix)) {
            throw new IllegalArgumentException(
                    "a validated topic's name ends with "
                            + VALIDATED.suffix
                            + ", found "
                            + validated);
        }
        return ACTIVATIONS.topicName(
                validated.substring(0, validated.length() - VALIDATED.suffix.length()));
    }

    /**
     * Whether what verdicts lead to outlives them. A verdict is deleted with its whole segment,
     * when that is old enough, and a small log fills few.
     *
     * @param activations configuration of the activations topic by Kafka's names
     * @param validated configuration of the validated one
     */
    public static boolean outlives(Map<String, String> activations, Map<String, String> validated) {
        long kept = Long.parseLong(activations.get("retention.ms"));
        long retention = Long.parseLong(validated.get("retention.ms"));
        long segment = Long.parseLong(validated.get("segment.ms"));
        boolean longer = kept < 0 || retention >= 0 && kept >= retention + segment;
        return longer && activations.get("retention.bytes").equals("-1");
    }

    /** Whether the topic has one partition per shard. */
    public boolean sharded() {
        return sharded;
    }

    /**
     * Whether the topic holds what the monitor finds, in an order that matters within a model
     * version only: then it may have any number of partitions. The others have one, unless they are
     * sharded.
     */
    public boolean spread() {
        return this == SKETCHES || this == CERTIFICATES || this == SCORES || this == ALERTS;
    }

    /** Topic configuration as Kafka names it. */
    public Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put("cleanup.policy", cleanup.configValue);
        config.put("retention.ms", Long.toString(retentionMillis));
        // Traffic must not decide how far back audits reach.
        config.put("retention.bytes", "-1");
        config.put("max.message.bytes", Integer.toString(MAX_RECORD_BYTES + RECORD_OVERHEAD_BYTES));
        config.put("message.timestamp.type", stamp.configValue);
        if (this == VALIDATED) {
            // A log of verdicts fills no segment in a week, and only whole segments are deleted.
            config.put("segment.ms", Long.toString(VALIDATED_SEGMENT_MILLIS));
        }
        return Map.copyOf(config);
    }

    /**
     * Joins parts to a record key; {@code %} and {@code /} inside a part are escaped as in a URL so
     * that different parts never give the same key.
     */
    public static String key(String... parts) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                key.append('/');
            }
            key.append(parts[i].replace("%", "%25").replace("/", "%2F"));
        }
        return key.toString();
    }

    /**
     * The key of what a segment has of its own where all other traffic has this key: begins with
     * it, and is no key of anything else, because escaped parts have a digit after each {@code %}.
     *
     * @param key as {@link #key} joins it
     * @param segment null for all other traffic
     */
    public static String inSegment(String key, String segment) {
        return segment == null ? key : key + IN_SEGMENT + key(segment);
    }

    /** Where in a key of {@link #inSegment} the segment's mark stands; -1 for none. */
    private static int mark(String key) {
        return key.indexOf(IN_SEGMENT);
    }

    /** The key that {@link #inSegment} was given. */
    public static String withoutSegment(String key) {
        return mark(key) < 0 ? key : key.substring(0, mark(key));
    }

    /** The segment that {@link #inSegment} was given; null for none. */
    public static String segmentOf(String key) {
        return mark(key) < 0 ? null : parts(key.substring(mark(key) + IN_SEGMENT.length()))[0];
    }

    /**
     * What all keys of a model version have in common.
     *
     * @param key that begins with model and version
     */
    public static String modelOf(String key) {
        String whole = withoutSegment(key);
        int version = whole.indexOf('/') + 1;
        int end = whole.indexOf('/', version);
        return end < 0 ? whole : whole.substring(0, end);
    }

    /** The parts that {@link #key} joined. */
    public static String[] parts(String key) {
        String[] parts = key.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].replace("%2F", "/").replace("%25", "%");
        }
        return parts;
    }

    private static long days(int days) {
        return days * 24L * 60 * 60 * 1000;
    }

    private enum Cleanup {
        DELETE("delete"),
        COMPACT("compact");

        private final String configValue;

        Cleanup(String configValue) {
            this.configValue = configValue;
        }
    }

    private enum Stamp {
        /** The broker's clock: ingest's reference for late and future snapshots. */
        APPEND_TIME("LogAppendTime"),
        CREATE_TIME("CreateTime");

        private final String configValue;

        Stamp(String configValue) {
            this.configValue = configValue;
        }
    }
}
