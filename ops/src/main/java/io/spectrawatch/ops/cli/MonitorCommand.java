package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.RoleIds;
import io.spectrawatch.ops.cli.option.ServiceOptions;
import io.spectrawatch.ops.monitor.CheckpointFolder;
import io.spectrawatch.ops.monitor.Claims;
import io.spectrawatch.ops.monitor.FolderOwner;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.ops.monitor.PublishedPanes;
import io.spectrawatch.ops.monitor.StateFolder;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
            description =
                    "Where checkpoints are kept and found again (default: a folder of its own for"
                            + " each cluster, output topics and transactional ids below"
                            + " $${XDG_STATE_HOME:-~/.local/state}/spectrawatch).")
    private Path checkpoints;

    @Option(
            names = "--from-beginning",
            description =
                    "Without a checkpoint read the log from its beginning although its panes are"
                            + " published; needs the settings output.topic.prefix,"
                            + " transactional.id.prefix and group.id, of its own each.")
    private boolean fromBeginning;

    @Option(
            names = "--web-port",
            defaultValue = "8081",
            description =
                    "Port of Flink's web interface, 0 for a free one (default: ${DEFAULT-VALUE}).")
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
        MonitorConfig config = MonitorConfig.fromMap(settings, service.clientProperties());
        if (service.printConfig()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(MonitorConfig.definition().toEnrichedRst());
            out.println(MemoryDefinition.MEMORY_BUDGET.key() + " is " + config.budget() + " here");
            return 0;
        }
        if (fromBeginning) {
            requireOwnNames(settings);
        }
        Role.Ids ids = RoleIds.of(service.kafka().topicPrefix(), settings);
        try (Admin admin = service.kafka().connect(Role.MONITOR, ids)) {
            if (!settings.containsKey(MonitorDefinition.SHARDS.key())) {
                String validated = Topics.VALIDATED.topicName(ids.topicPrefix());
                int shards = KafkaOptions.partitions(admin, validated);
                settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(shards));
            }
            String cluster = clusterId(admin);
            Path folder = folder(cluster, ids);
            String claimed = Topics.SKETCHES.topicName(ids.outputPrefix());
            Map<String, Object> client = service.kafka().clientProperties();
            try (Claims claims = Claims.take(client, admin, ids.claims(), claimed)) {
                // after the claims, so that nobody publishes meanwhile
                if (flinkRest == null) {
                    FolderOwner.require(
                            folder, cluster, ids.outputPrefix(), ids.transactionalIdPrefix());
                }
                requireNothingTwice(folder, ids);
                run(settings, folder, claims);
            }
        }
        return 0;
    }

    private void run(Map<String, String> settings, Path folder, Claims claims)
            throws IOException, InterruptedException {
        try (MonitorService monitor = start(settings, folder)) {
            // the claims last: whoever waits for them may start then
            List<Runnable> stop = List.of(monitor::close, claims::close);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.forEach(Runnable::run)));
            spec.commandLine()
                    .getOut()
                    .println(
                            "monitoring; Flink at "
                                    + monitor.webUrl()
                                    + "; checkpoints in "
                                    + folder);
            monitor.join(claims::lost);
        }
    }

    /** A second run over a log beside the first: every name that could get in its way. */
    private void requireOwnNames(Map<String, String> settings) {
        for (String key :
                List.of(
                        MonitorDefinition.OUTPUT_TOPIC_PREFIX.key(),
                        MonitorDefinition.TRANSACTIONAL_ID_PREFIX.key(),
                        MonitorDefinition.GROUP_ID.key())) {
            Object usual = MonitorConfig.definition().defaultValues().get(key);
            String given = settings.getOrDefault(key, usual.toString());
            if (given.equals(usual) || given.equals(service.kafka().topicPrefix())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--from-beginning needs -D "
                                + key
                                + "=..., other than that of the first run");
            }
        }
    }

    private Path folder(String clusterId, Role.Ids ids) throws IOException {
        return checkpoints != null
                ? checkpoints.toAbsolutePath()
                : StateFolder.of(
                        StateFolder.root(System.getenv(), System.getProperty("user.home")),
                        clusterId,
                        ids.outputPrefix(),
                        ids.transactionalIdPrefix());
    }

    private static String clusterId(Admin admin) throws IOException, InterruptedException {
        try {
            return admin.describeCluster().clusterId().get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "the brokers do not tell the cluster's id: " + e.getCause().getMessage(), e);
        }
    }

    private void requireNothingTwice(Path folder, Role.Ids ids) throws IOException {
        if (CheckpointFolder.newest(folder).isPresent()) {
            return;
        }
        Optional<String> published =
                new PublishedPanes(
                                service.kafka().clientProperties(),
                                ids.topicPrefix(),
                                ids.outputPrefix())
                        .newest();
        if (published.isPresent()) {
            throw new IOException(
                    "there is no checkpoint in "
                            + folder
                            + ", so everything of the log would be published a second time: "
                            + published.get()
                            + "; give the folder of the former checkpoints with --checkpoints, or a"
                            + " second run its own topics with --from-beginning");
        }
    }

    private MonitorService start(Map<String, String> settings, Path folder) throws IOException {
        Map<String, Object> client = service.kafka().clientProperties();
        return flinkRest == null
                ? MonitorService.start(settings, client, folder, webPort)
                : MonitorService.submit(settings, client, folder, flinkRest);
    }
}
