package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.monitor.MemoryBudget;
import io.spectrawatch.flink.monitor.MonitorConfig;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code monitor}: the Flink job, in this process or on a cluster. */
@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        description =
                "Runs the monitor job until stopped, on a Flink cluster in this process or on the"
                        + " one at --flink-rest.")
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

    @Option(
            names = "--flink-rest",
            paramLabel = "URL",
            description =
                    "Run the job on the Flink cluster at this REST address instead, which sees the"
                            + " same --checkpoints folder; it is cancelled when this command stops.")
    private URI flinkRest;

    @Override
    public Integer call() throws Exception {
        Map<String, String> settings = service.settings();
        if (flinkRest != null) {
            MemoryBudget.onACluster(settings);
        }
        MonitorConfig config = MonitorConfig.fromMap(settings, service.kafka().clientProperties());
        if (service.printConfig()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(MonitorConfig.definition().toEnrichedRst());
            out.println(MonitorConfig.MEMORY_BUDGET + " is " + config.budget() + " here");
            return 0;
        }
        String prefix = service.kafka().topicPrefix();
        try (Admin admin = service.kafka().connect(Role.MONITOR, RoleIds.of(prefix, settings))) {
            String validated = Topics.VALIDATED.topicName(prefix);
            if (!settings.containsKey(MonitorConfig.SHARDS)) {
                int shards = KafkaOptions.partitions(admin, validated);
                settings.put(MonitorConfig.SHARDS, Integer.toString(shards));
            }
        }
        try (MonitorService monitor = start(settings)) {
            Runtime.getRuntime().addShutdownHook(new Thread(monitor::close));
            spec.commandLine().getOut().println("monitoring; Flink at " + monitor.webUrl());
            monitor.join();
        }
        return 0;
    }

    private MonitorService start(Map<String, String> settings) throws IOException {
        Map<String, Object> client = service.kafka().clientProperties();
        Path folder = checkpoints.toAbsolutePath();
        return flinkRest == null
                ? MonitorService.start(settings, client, folder, webPort)
                : MonitorService.submit(settings, client, folder, flinkRest);
    }
}
