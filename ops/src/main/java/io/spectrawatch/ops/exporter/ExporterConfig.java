package io.spectrawatch.ops.exporter;

import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.settings.JobSettings;
import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.flink.settings.SharedSettings;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ops.exporter.PipelineWatch.Reader;
import io.spectrawatch.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/**
 * Typed settings of the exporter.
 *
 * <p>Keys that start with {@value JobSettings#KAFKA_PREFIX} go, without it, to its Kafka clients;
 * any other unknown key is an error.
 */
public final class ExporterConfig {

    private static final SettingGroup SETTINGS = new SettingGroup();

    private static final Setting<String> TOPIC_PREFIX = SETTINGS.add(SharedSettings.TOPIC_PREFIX);

    public static final Setting<String> INGEST_GROUP =
            SETTINGS.add(
                    Setting.name(
                                    "ingest.group",
                                    usual(IngestConfig.definition(), IngestConfig.APPLICATION_ID))
                            .means(
                                    Importance.MEDIUM,
                                    "Consumer group of ingest, its application.id, for the lag."));

    public static final Setting<String> MONITOR_GROUP =
            SETTINGS.add(
                    Setting.name(
                                    "monitor.group",
                                    usual(
                                            MonitorConfig.definition(),
                                            MonitorDefinition.GROUP_ID.key()))
                            .means(
                                    Importance.MEDIUM,
                                    "Consumer group of the monitor, its group.id, for the lag."));

    public static final Setting<String> SEGMENT_ATTRIBUTE =
            SETTINGS.add(
                    Setting.text("segment.attribute", "")
                            .means(
                                    Importance.LOW,
                                    "Attribute of samples that is a label of the metrics about"
                                            + " samples, for its first "
                                            + ScoreMetrics.MOST_SEGMENTS
                                            + " values; further ones are called "
                                            + ScoreMetrics.OTHER
                                            + ". Empty: none."));

    public static final Setting<Integer> HISTORY_DAYS =
            SETTINGS.add(
                    Setting.integer("console.history.days", 90)
                            .in(ConfigDef.Range.between(0, 3650))
                            .means(
                                    Importance.MEDIUM,
                                    "Days of the topics that the console reads when it starts, as"
                                            + " far as they are kept and its store does not have"
                                            + " them. 0: no console."));

    public static final Setting<String> STORE_FOLDER =
            SETTINGS.add(
                    Setting.text("console.store.folder", "")
                            .means(
                                    Importance.MEDIUM,
                                    "Folder of this exporter alone in which the console keeps what"
                                            + " it has read: a restart goes on from there, and"
                                            + " shows what the topics no longer have. Empty: in"
                                            + " memory alone, and a restart reads the topics."));

    public static final Setting<Integer> STORE_MIB =
            SETTINGS.add(
                    Setting.integer("console.store.mib", 1024)
                            .in(ConfigDef.Range.between(16, 1 << 20))
                            .means(
                                    Importance.LOW,
                                    "MiB of disk that this folder may take. A quarter has to hold"
                                            + " what the console remembers; beyond it the console"
                                            + " goes on in memory."));

    public static final Setting<String> TRACE_URL =
            SETTINGS.add(
                    Setting.parsed(
                                    "console.trace.url",
                                    "",
                                    "empty, or an http or https URL with {traceId} in it",
                                    ExporterConfig::traceUrl)
                            .means(
                                    Importance.LOW,
                                    "Where the console's pages lead for a trace: a URL in which"
                                            + " {traceId} and {spanId} stand for the ids. Empty:"
                                            + " the id alone is shown."));

    public static final Setting<String> RUNBOOK_URL =
            SETTINGS.add(
                    Setting.parsed(
                                    "console.runbook.url",
                                    "",
                                    "empty, or an http or https URL",
                                    ExporterConfig::web)
                            .means(
                                    Importance.LOW,
                                    "Where you serve the folder of runbooks.md, ops/docs: links of"
                                            + " the runbooks that the console shows lead there."
                                            + " Empty: they are text."));

    public static final Setting<String> OTLP_LOGS_ENDPOINT =
            SETTINGS.add(
                    Setting.parsed(
                                    "otlp.logs.endpoint",
                                    "",
                                    "empty, or an http or https URL",
                                    ExporterConfig::web)
                            .means(
                                    Importance.MEDIUM,
                                    "Where a collector of OpenTelemetry takes logs by OTLP over"
                                            + " HTTP, such as http://localhost:4318/v1/logs: every"
                                            + " alert becomes an event there. Empty: none does."));

    public static final Setting<String> OTLP_LOGS_CONFIG =
            SETTINGS.add(
                    Setting.text("otlp.logs.config", "")
                            .means(
                                    Importance.LOW,
                                    "Properties file with the headers that the collector asks for"
                                            + " and with TLS: header.NAME, tls.truststore,"
                                            + " tls.truststore.password, tls.keystore,"
                                            + " tls.keystore.password. Empty: none."));

    static {
        SETTINGS.add(SharedSettings.BOOTSTRAP_SERVERS);
    }

    private final JobSettings read;

    private ExporterConfig(JobSettings read) {
        this.read = read;
    }

    private static boolean isWeb(String url) {
        return url.startsWith("https://") || url.startsWith("http://");
    }

    private static String web(String key, String url) {
        try {
            if (url.isEmpty() || isWeb(url) && URI.create(url).getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new ConfigException(key, url, "must be empty, or an http or https URL");
    }

    private static String traceUrl(String key, String url) {
        if (url.isEmpty() || isWeb(url) && url.contains("{traceId}")) {
            return url;
        }
        throw new ConfigException(
                key, url, "must be empty, or an http or https URL with {traceId} in it");
    }

    private static String usual(ConfigDef definition, String key) {
        return definition.defaultValues().get(key).toString();
    }

    /** The settings with their meaning, type and default. */
    public static ConfigDef definition() {
        return SETTINGS.definition();
    }

    /**
     * Reads settings by key.
     *
     * @param clientProperties for every Kafka client, by Kafka's own names, {@code
     *     bootstrap.servers} among them
     * @throws ConfigException if a key is unknown, a value is missing or not allowed; the message
     *     names the key
     */
    public static ExporterConfig fromMap(Map<String, ?> settings, Map<String, ?> clientProperties) {
        return new ExporterConfig(JobSettings.of(SETTINGS, settings, clientProperties));
    }

    public String topicPrefix() {
        return read.get(TOPIC_PREFIX);
    }

    public String ingestGroup() {
        return read.get(INGEST_GROUP);
    }

    public String monitorGroup() {
        return read.get(MONITOR_GROUP);
    }

    /** The attribute of samples that is a label, null for none. */
    public String segmentAttribute() {
        String name = read.get(SEGMENT_ATTRIBUTE);
        return name.isEmpty() ? null : name;
    }

    /** Days of the topics that the console reads; 0 for no console. */
    public int historyDays() {
        return read.get(HISTORY_DAYS);
    }

    /** Where the console keeps what it has read; null for nowhere. */
    public Path storeFolder() {
        String folder = read.get(STORE_FOLDER);
        return folder.isEmpty() ? null : Path.of(folder);
    }

    /** Bytes that it may take there. */
    public long storeBytes() {
        return (long) read.get(STORE_MIB) << 20;
    }

    /** Where a trace is shown, with {traceId} in it; empty for nowhere. */
    public String traceUrl() {
        return read.get(TRACE_URL);
    }

    /** Where alerts are sent to as events of OpenTelemetry; null for nowhere. */
    public URI otlpLogsEndpoint() {
        String url = read.get(OTLP_LOGS_ENDPOINT);
        return url.isEmpty() ? null : URI.create(url);
    }

    /** The file with headers and TLS for it; null for none. */
    public Path otlpLogsConfig() {
        String file = read.get(OTLP_LOGS_CONFIG);
        return file.isEmpty() ? null : Path.of(file);
    }

    /** Where the folder of the runbooks is served; empty for nowhere. */
    public String runbookUrl() {
        return read.get(RUNBOOK_URL);
    }

    /** The services whose lag is shown. */
    public List<Reader> readers() {
        return List.of(
                new Reader("ingest", Topics.ACTIVATIONS, ingestGroup()),
                new Reader("monitor", Topics.VALIDATED, monitorGroup()));
    }

    /** Properties of Kafka clients by key, a fresh copy. */
    public Map<String, Object> kafkaClient() {
        return read.kafkaClient();
    }
}
