package io.spectrawatch.ops.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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

    @Option(
            names = "--print-config",
            description = "Print the settings with their meaning and defaults, and exit.")
    private boolean printConfig;

    public KafkaOptions kafka() {
        return kafka;
    }

    public boolean printConfig() {
        return printConfig;
    }

    /** The settings as given: the file's, and single ones over them. */
    public Map<String, String> settings() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        if (file != null) {
            all.putAll(KafkaOptions.load(file));
        }
        Secrets.refuseOnCommandLine("-D", settings.keySet());
        all.putAll(settings);
        all.put("topic.prefix", kafka.topicPrefix());
        return all;
    }
}
