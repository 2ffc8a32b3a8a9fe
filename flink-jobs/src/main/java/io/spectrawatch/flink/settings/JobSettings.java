package io.spectrawatch.flink.settings;

import io.spectrawatch.schemas.NearestName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of a job as they are declared, and the properties of its Kafka clients: keys that
 * start with {@value #KAFKA_PREFIX} go, without it, to every client; any other unknown key is an
 * error.
 */
public final class JobSettings {

    /** Prefix of keys that are passed on to the Kafka clients. */
    public static final String KAFKA_PREFIX = "kafka.";

    private static final String BOOTSTRAP_SERVERS = SharedSettings.BOOTSTRAP_SERVERS.key();

    private final SettingGroup known;
    private final Map<String, ?> values;
    private final Properties kafka;

    private JobSettings(SettingGroup known, Map<String, ?> values, Properties kafka) {
        this.known = known;
        this.values = values;
        this.kafka = kafka;
    }

    /**
     * Reads settings by key, and properties for every Kafka client beside them.
     *
     * @param known the settings that there are
     * @param clientProperties such as security settings, by Kafka's own names; a {@code
     *     bootstrap.servers} among them counts where the settings have none
     * @throws ConfigException if a key is unknown, a value is missing or not allowed; the message
     *     names the key
     */
    public static JobSettings of(
            SettingGroup known, Map<String, ?> settings, Map<String, ?> clientProperties) {
        ConfigDef definition = known.definition();
        Properties kafka = new Properties();
        clientProperties.forEach((key, value) -> kafka.setProperty(key, String.valueOf(value)));
        Map<String, Object> own = new HashMap<>();
        for (Map.Entry<String, ?> setting : new TreeMap<>(settings).entrySet()) {
            String key = setting.getKey();
            if (key.startsWith(KAFKA_PREFIX)) {
                kafka.setProperty(
                        key.substring(KAFKA_PREFIX.length()), String.valueOf(setting.getValue()));
            } else {
                requireKnown(definition, key);
                own.put(key, setting.getValue());
            }
        }
        if (!own.containsKey(BOOTSTRAP_SERVERS) && kafka.containsKey(BOOTSTRAP_SERVERS)) {
            own.put(BOOTSTRAP_SERVERS, kafka.getProperty(BOOTSTRAP_SERVERS));
        }
        return new JobSettings(known, new AbstractConfig(definition, own, false).values(), kafka);
    }

    private static void requireKnown(ConfigDef definition, String key) {
        if (!definition.names().contains(key)) {
            throw new ConfigException(
                    "unknown key "
                            + key
                            + "; did you mean "
                            + NearestName.of(key, definition.names())
                            + "? Kafka client properties start with "
                            + KAFKA_PREFIX);
        }
    }

    /** The value of a setting, its default where none was given. */
    public <T> T get(Setting<T> setting) {
        return setting.read(values.get(setting.key()));
    }

    /** Every recorded setting by key as it was given, or its default, a fresh copy. */
    public TreeMap<String, String> recorded() {
        TreeMap<String, String> recorded = new TreeMap<>();
        for (Setting<?> setting : known.settings()) {
            if (setting.isRecorded()) {
                recorded.put(setting.key(), text(values.get(setting.key())));
            }
        }
        return recorded;
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    /** Properties for every Kafka client, a fresh copy. */
    public Properties kafkaProperties() {
        Properties copy = new Properties();
        copy.putAll(kafka);
        copy.setProperty(BOOTSTRAP_SERVERS, get(SharedSettings.BOOTSTRAP_SERVERS));
        return copy;
    }

    /** The same by key, as clients of our own take them. */
    public Map<String, Object> kafkaClient() {
        Map<String, Object> client = new HashMap<>();
        Properties properties = kafkaProperties();
        properties.stringPropertyNames().forEach(k -> client.put(k, properties.getProperty(k)));
        return client;
    }
}
