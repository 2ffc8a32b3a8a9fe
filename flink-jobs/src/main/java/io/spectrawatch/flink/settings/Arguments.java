package io.spectrawatch.flink.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Reads settings from a command line. */
public final class Arguments {

    private static final String CONFIG = "--config";

    private Arguments() {}

    /**
     * Settings by key; later ones win over earlier ones.
     *
     * @throws IllegalArgumentException if an argument is neither --config FILE nor KEY=VALUE, or is
     *     a secret
     */
    public static Map<String, String> settings(String[] args) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            if (args[i].equals(CONFIG) && i + 1 < args.length) {
                i++;
                settings.putAll(load(Path.of(args[i])));
            } else if (equals > 0) {
                String key = args[i].substring(0, equals);
                requireNoSecret(key);
                settings.put(key, args[i].substring(equals + 1));
            } else {
                throw new IllegalArgumentException(
                        "expected " + CONFIG + " FILE or KEY=VALUE, found " + args[i]);
            }
        }
        return settings;
    }

    /** Every user of a machine can read the arguments of its processes. */
    private static void requireNoSecret(String key) {
        for (ConfigDef.ConfigKey known : ProducerConfig.configDef().configKeys().values()) {
            if (known.type == ConfigDef.Type.PASSWORD && key.endsWith(known.name)) {
                throw new IllegalArgumentException(
                        key + " is a secret; give it in the file of " + CONFIG);
            }
        }
    }

    private static Map<String, String> load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k)));
        return values;
    }
}
