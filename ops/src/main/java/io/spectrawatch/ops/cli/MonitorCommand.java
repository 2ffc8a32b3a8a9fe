package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.monitor.MonitorConfig;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code monitor}: the Flink job in this process. */
@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        description = "Runs the monitor job on a Flink cluster in this process until stopped.")
final class MonitorCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ServiceOptions service;

    @Option(
            names = "--checkpoints",
            paramLabel = "FOLDER",
            defaultValue = "spectrawatch-checkpoints",
            description = "Where checkpoints are kept and found again (default: ${DEFAULT-VALUE}).")
    private Path checkpoints;

    @Option(
            names = "--web-port",
            defaultValue = "8081",
            description = "Port of Flink's web interface (default: ${DEFAULT-VALUE}).")
    private int webPort;

    @Override
    public Integer call() throws Exception {
        Map<String, String> settings = service.settings();
        MonitorConfig.fromMap(settings, service.kafka().clientProperties());
        if (service.printConfig()) {
            spec.commandLine().getOut().println(MonitorConfig.definition().toEnrichedRst());
            return 0;
        }
        String prefix = service.kafka().topicPrefix();
        try (Admin admin = service.kafka().connect(Role.MONITOR, RoleIds.of(prefix, settings))) {
            String validated = Topics.VALIDATED.topicName(prefix);
            if (!settings.containsKey(MonitorConfig.SHARDS)) {
                settings.put(MonitorConfig.SHARDS, Integer.toString(partitions(admin, validated)));
            }
        }
        try (MonitorService monitor =
                MonitorService.start(
                        settings,
                        service.kafka().clientProperties(),
                        checkpoints.toAbsolutePath(),
                        webPort)) {
            Runtime.getRuntime().addShutdownHook(new Thread(monitor::close));
            spec.commandLine().getOut().println("monitoring; Flink at " + monitor.webUrl());
            monitor.join();
        }
        return 0;
    }

    private static int partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }
}
