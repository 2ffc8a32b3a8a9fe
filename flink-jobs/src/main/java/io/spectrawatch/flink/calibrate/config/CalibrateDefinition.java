package io.spectrawatch.flink.calibrate.config;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.flink.settings.SharedSettings;
import io.spectrawatch.schemas.Segment;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** Which range of which log a calibration reads, and how it runs. */
public final class CalibrateDefinition {

    private static final String TIME_FORM = "empty, or a time of ISO 8601";

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<String> BOOTSTRAP_SERVERS =
            SETTINGS.add(SharedSettings.BOOTSTRAP_SERVERS);

    public static final Setting<String> TOPIC_PREFIX =
            SETTINGS.add(
                    SharedSettings.TOPIC_PREFIX.means(
                            Importance.MEDIUM, "Prefix of the topics validated and baselines."));

    public static final Setting<Integer> SHARDS = SETTINGS.add(SharedSettings.SHARDS);

    public static final Setting<String> GROUP_ID =
            SETTINGS.add(
                    Setting.name("group.id", "spectrawatch-calibrate")
                            .means(
                                    Importance.LOW,
                                    "Consumer group of the reads; nothing is committed under it."));

    public static final Setting<String> CLIENT_ID =
            SETTINGS.add(
                    Setting.name("client.id", "spectrawatch-calibrate")
                            .means(Importance.LOW, "Prefix of the client ids that brokers see."));

    public static final Setting<String> MODEL_ID =
            SETTINGS.add(
                    Setting.required("model.id")
                            .means(Importance.HIGH, "The model, as its snapshots call it."));

    public static final Setting<String> MODEL_VERSION =
            SETTINGS.add(
                    Setting.text("model.version", "")
                            .means(
                                    Importance.HIGH,
                                    "Its version; empty: the only one in the range."));

    public static final Setting<Segment> WHERE =
            SETTINGS.add(
                    Setting.parsed(
                                    "samples.where",
                                    "",
                                    "empty, or " + Segment.FORM,
                                    CalibrateDefinition::segment)
                            .means(
                                    Importance.MEDIUM,
                                    "The only samples to take, attribute=value: the baseline is"
                                            + " that of their segment. Empty: all samples."));

    public static final Setting<Instant> TIME_START =
            SETTINGS.add(
                    Setting.parsed("source.time.start", "", TIME_FORM, CalibrateDefinition::time)
                            .means(
                                    Importance.HIGH,
                                    "Start of the trusted range by the log's time, ISO 8601."));

    public static final Setting<Instant> TIME_END =
            SETTINGS.add(
                    Setting.parsed("source.time.end", "", TIME_FORM, CalibrateDefinition::time)
                            .means(
                                    Importance.HIGH,
                                    "Its end, exclusive; what is beyond the log's end is cut off"
                                            + " there."));

    public static final Setting<String> OFFSETS_START =
            SETTINGS.add(
                    Setting.text("source.offsets.start", "")
                            .means(
                                    Importance.HIGH,
                                    "Start of the range as partition:offset for every shard,"
                                            + " separated by commas; instead of times."));

    public static final Setting<String> OFFSETS_END =
            SETTINGS.add(
                    Setting.text("source.offsets.end", "")
                            .means(Importance.HIGH, "Its end, exclusive, likewise."));

    public static final Setting<Integer> PARALLELISM =
            SETTINGS.add(
                    SharedSettings.PARALLELISM.means(
                            Importance.MEDIUM,
                            "Subtasks per operator; 0: as the cluster says, and in the process of the"
                                    + " calibrate command one per processor, at most shards (there"
                                    + " 1 unless given). The result is the same."));

    public static final Setting<Integer> MAX_PARALLELISM =
            SETTINGS.add(SharedSettings.MAX_PARALLELISM);

    /** Every setting of a calibration. */
    static final SettingGroup ALL =
            SettingGroup.of(
                    SETTINGS,
                    WindowDefinition.SETTINGS,
                    CertificateDefinition.SETTINGS,
                    DetectorDefinition.SETTINGS);

    private CalibrateDefinition() {}

    /** Null where it is empty. */
    private static Segment segment(String key, String value) {
        if (value.isEmpty()) {
            return null;
        }
        try {
            return Segment.parse(value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key, value, e.getMessage());
        }
    }

    /** Null where it is empty. */
    private static Instant time(String key, String value) {
        try {
            return value.isEmpty() ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw new ConfigException(key, value, "expected a time such as 2026-03-01T12:00:00Z");
        }
    }
}
