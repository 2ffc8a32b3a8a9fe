package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.RoleIds;
import io.spectrawatch.ops.doctor.BrokerChecks;
import io.spectrawatch.ops.doctor.DoctorFinding;
import io.spectrawatch.ops.doctor.DoctorReport;
import io.spectrawatch.ops.doctor.MachineChecks;
import io.spectrawatch.ops.doctor.ServiceChecks;
import io.spectrawatch.ops.monitor.StateFolder;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code doctor}: says what this machine and this broker would do, and what is wrong with them. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks Java, memory, kernels, telemetry, schemas, disk and, given a broker, its"
                        + " topics, their policies, rights and clocks, and how the services do;"
                        + " exit code 1 when something failed, 0 with warnings.")
final class DoctorCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @ArgGroup(exclusive = false)
    private KafkaOptions kafka;

    @Option(
            names = "--role",
            description =
                    "Check that --command-config has the rights of this process, and no others that"
                            + " matter: ${COMPLETION-CANDIDATES}.")
    private Role role;

    @Option(
            names = "--audit-days",
            defaultValue = "7",
            paramLabel = "N",
            description =
                    "How far back audits must reach; shorter retention is a warning"
                            + " (default: ${DEFAULT-VALUE}).")
    private int auditDays;

    @Option(
            names = "--max-clock-difference",
            defaultValue = "10000",
            paramLabel = "MS",
            description =
                    "How far clocks may differ: ingest's lateness.ms (default: ${DEFAULT-VALUE}).")
    private long clockMillis;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description =
                    "Where state or checkpoints are kept on this machine; repeatable"
                            + " (default: where monitor keeps them, and the temporary folder).")
    private List<Path> folders = List.of();

    @Option(
            names = "--ingest-group",
            defaultValue = "spectrawatch.ingest",
            description =
                    "Consumer group of ingest, its application.id (default: ${DEFAULT-VALUE}).")
    private String ingestGroup;

    @Option(
            names = "--monitor-group",
            defaultValue = "spectrawatch-monitor",
            description =
                    "Consumer group of the monitor, its group.id (default: ${DEFAULT-VALUE}).")
    private String monitorGroup;

    @Option(
            names = "--max-lag",
            defaultValue = "120",
            paramLabel = "S",
            description =
                    "How far the log's clock, ingest, the monitor and its checkpoints may be behind,"
                            + " in seconds (default: ${DEFAULT-VALUE}).")
    private long lagSeconds;

    @Mixin private JsonOption json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (auditDays < 0 || clockMillis < 0 || lagSeconds < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--audit-days, --max-clock-difference and --max-lag must be at least 0");
        }
        List<Path> own = folders.isEmpty() ? usualFolders() : folders;
        List<DoctorFinding> findings = new ArrayList<>(MachineChecks.run(System.getenv(), own));
        if (kafka != null) {
            findings.addAll(cluster());
        }
        DoctorReport report = DoctorReport.of(findings);
        PrintWriter out = json.forPeople(spec.commandLine());
        findings.forEach(finding -> print(finding, out));
        if (kafka == null) {
            out.println("broker      not checked: no --bootstrap-server given");
        }
        out.println(
                report.failed() + report.warnings() == 0
                        ? "all well"
                        : report.failed() + " failed, " + report.warnings() + " warning(s)");
        json.write(report, spec.commandLine().getOut());
        return report.failed() == 0 ? 0 : ExitCodes.FAILED;
    }

    private List<DoctorFinding> cluster() throws InterruptedException {
        List<DoctorFinding> findings = new ArrayList<>();
        try (Admin admin = kafka.connect()) {
            findings.add(answered());
            BrokerChecks checks =
                    new BrokerChecks(admin, kafka.topicPrefix(), kafka.clientProperties());
            findings.addAll(checks.topics(Duration.ofDays(auditDays)));
            if (role != null) {
                findings.addAll(checks.rights(role, RoleIds.defaults(kafka.topicPrefix())));
            }
            findings.addAll(checks.clock(Duration.ofMillis(clockMillis)));
            findings.addAll(services(admin));
        } catch (IOException e) {
            findings.add(
                    new DoctorFinding(
                            "broker",
                            DoctorFinding.Status.FAILED,
                            kafka.bootstrapServer(),
                            "a broker that answers this client",
                            e.getMessage()));
        }
        return findings;
    }

    private static List<Path> usualFolders() throws IOException {
        return List.of(
                StateFolder.root(System.getenv(), System.getProperty("user.home")),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    private List<DoctorFinding> services(Admin admin) throws IOException, InterruptedException {
        Role.Ids ids =
                RoleIds.of(
                        kafka.topicPrefix(),
                        Map.of(
                                IngestConfig.APPLICATION_ID,
                                ingestGroup,
                                MonitorDefinition.GROUP_ID.key(),
                                monitorGroup));
        Duration most = Duration.ofSeconds(lagSeconds);
        List<DoctorFinding> findings =
                new ArrayList<>(
                        new ServiceChecks(admin, kafka.clientProperties(), ids, most).run());
        for (Path folder : folders.isEmpty() ? deploymentFolders(admin) : folders) {
            ServiceChecks.checkpoints(folder, most).ifPresent(findings::add);
        }
        return findings;
    }

    /** Where monitors of this cluster and these topics keep their checkpoints. */
    private List<Path> deploymentFolders(Admin admin) throws IOException, InterruptedException {
        try {
            Path folder =
                    StateFolder.ofOutputs(
                            usualFolders().get(0),
                            admin.describeCluster().clusterId().get(),
                            kafka.topicPrefix());
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            try (Stream<Path> each = Files.list(folder)) {
                return each.sorted().toList();
            }
        } catch (ExecutionException e) {
            throw new IOException("the brokers do not tell the cluster's id", e);
        }
    }

    private DoctorFinding answered() {
        return new DoctorFinding(
                "broker", DoctorFinding.Status.OK, kafka.bootstrapServer(), "", "answers");
    }

    private static void print(DoctorFinding finding, PrintWriter out) {
        String where = finding.where().isEmpty() ? "" : finding.where() + ": ";
        out.printf(
                "%-11s %-7s %s%n",
                finding.check(), finding.status(), Printable.text(where + finding.found()));
        if (finding.status() != DoctorFinding.Status.OK) {
            out.printf("%-11s %-7s expected: %s%n", "", "", Printable.text(finding.allowed()));
        }
    }
}
