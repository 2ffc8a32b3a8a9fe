package io.spectrawatch.ops.cli.option;

import io.spectrawatch.flink.settings.SharedSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kafka access and the typed configuration of a long-running service. */
public final class ServiceOptions {

    @Mixin private KafkaOptions kafka;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties file with the service's settings; unknown keys are errors.")
    private Path file;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "One setting, over --config; repeatable.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** What picocli calls help: nothing else has to be given with it, not even the brokers. */
    @SuppressWarnings("deprecation")
    @Option(
            names = "--print-config",
            help = true,
            description = "Print the settings with their meaning and defaults, and exit.")
    private boolean printConfig;

    public KafkaOptions kafka() {
        return kafka;
    }

    public boolean printConfig() {
        return printConfig;
    }

    /**
     * Properties of Kafka clients, for checking the settings: where these are only printed, no
     * brokers need be named.
     */
    public Map<String, Object> clientProperties() throws IOException {
        Map<String, Object> client = kafka.clientProperties();
        if (printConfig) {
            client.putIfAbsent(SharedSettings.BOOTSTRAP_SERVERS.key(), "unused:0");
        }
        return client;
    }

    /**
     * The settings as given: the file's, and single ones over them.
     *
     * @throws ConfigException if they name other topics than {@code --topic-prefix}
     */
    public Map<String, String> settings() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        if (file != null) {
            all.putAll(KafkaOptions.load(file));
        }
        Secrets.refuseOnCommandLine("-D", settings.keySet());
        all.putAll(settings);
        String key = SharedSettings.TOPIC_PREFIX.key();
        String other = all.put(key, kafka.topicPrefix());
        if (other != null && !other.equals(kafka.topicPrefix())) {
            throw new ConfigException(
                    key, other, "--topic-prefix names the topics: " + kafka.topicPrefix());
        }
        return all;
    }
}
