package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.audit.Audit;
import io.spectrawatch.ops.audit.AuditReport;
import io.spectrawatch.ops.audit.FlinkTarget;
import io.spectrawatch.ops.audit.bundle.BundleCheck;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.screen.AuditBar;
import io.spectrawatch.ops.cli.screen.AuditScreen;
import io.spectrawatch.ops.cluster.JobJar;
import io.spectrawatch.ops.process.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit}: recomputes what was recorded and compares. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description =
                "Recomputes what the monitor recorded from the validated log and compares it record by"
                        + " record; exit code 1 unless everything is identical or equivalent.")
final class AuditCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @ArgGroup(exclusive = false, heading = "Kafka:%n")
    private KafkaOptions kafka;

    @Mixin private JsonOption json;

    @Option(names = "--model", description = "The model, as its snapshots call it.")
    private String model;

    @Option(
            names = "--model-version",
            paramLabel = "VERSION",
            description = "Its version; may be left out where only one is recorded.")
    private String version;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Start of the first pane, as 2026-01-31T12:00:00Z.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "End of the last pane, exclusive.")
    private String to;

    @Option(names = "--alert", paramLabel = "ID", description = "The panes behind one alert.")
    private String alert;

    @Option(
            names = "--window",
            paramLabel = "ID",
            description = "The panes of one record, model/version/part/start as reports print it.")
    private String window;

    @Option(
            names = "--baseline",
            paramLabel = "ID",
            description = "Ask what this baseline would have said, instead of those in force then.")
    private String baseline;

    @Option(names = "--output", paramLabel = "DIR", description = "Write the audit bundle here.")
    private Path output;

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            description = "auto, host, onnx-cpu or cuda instead of those that the records name.")
    private String kernels;

    @Option(
            names = "--flink-rest",
            paramLabel = "HOST:PORT",
            description = "Replay on this Flink cluster instead of in this process.")
    private String flinkRest;

    @Option(
            names = "--job-jar",
            paramLabel = "FILE",
            description =
                    "Jar that the cluster needs to run the job, instead of this build's job jar;"
                            + " repeatable.")
    private List<Path> jars = List.of();

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Subtasks per operator (default: the processors of this machine).")
    private int parallelism;

    @Override
    public Integer call() throws Exception {
        AuditRequest request = request();
        if (kafka == null) {
            throw usage("Missing required option: '--bootstrap-server=HOST:PORT,...'");
        }
        FlinkTarget target = target();
        kafka.connect(Role.AUDITOR).close();
        Audit audit = new Audit(kafka.clientProperties(), kafka.topicPrefix(), target, kernels);
        PrintWriter err = spec.commandLine().getErr();
        AuditReport report;
        try (AuditBar bar = new AuditBar(err, System.console() != null)) {
            report = audit.run(request, bar);
        }
        PrintWriter out = json.forPeople(spec.commandLine());
        AuditScreen.print(report, out);
        json.write(report, spec.commandLine().getOut());
        return report.verdict().passed() ? 0 : ExitCodes.FAILED;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Checks a bundle without Kafka: sums, records, and the comparison made again.")
    int verify(
            @Parameters(paramLabel = "DIR", description = "The bundle.") Path folder,
            @Mixin JsonOption verifyJson)
            throws IOException {
        BundleCheck check = BundleCheck.of(folder);
        PrintWriter out = verifyJson.forPeople(spec.commandLine());
        AuditScreen.print(check, out);
        verifyJson.write(check, spec.commandLine().getOut());
        return check.problems().isEmpty() ? 0 : ExitCodes.FAILED;
    }

    private AuditRequest request() {
        int ways =
                (alert == null ? 0 : 1)
                        + (window == null ? 0 : 1)
                        + (from == null && to == null ? 0 : 1);
        if (ways != 1) {
            throw usage("one of --from and --to, --alert, or --window expected");
        }
        boolean range = alert == null && window == null;
        if (range && (model == null || from == null || to == null)) {
            throw usage("a range needs --model, --from and --to");
        }
        Long start = range ? micros("--from", from) : null;
        Long end = range ? micros("--to", to) : null;
        if (range && start >= end) {
            throw usage("--from must be before --to, found " + from + " and " + to);
        }
        return new AuditRequest(model, version, start, end, alert, window, baseline, output);
    }

    private long micros(String option, String time) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
        } catch (DateTimeParseException e) {
            throw usage(
                    option + " expects a time in UTC such as 2026-01-31T12:00:00Z, found " + time);
        }
    }

    private FlinkTarget target() throws IOException {
        if (parallelism < 0) {
            throw usage("--parallelism must be at least 1, found " + parallelism);
        }
        FlinkTarget embedded = FlinkTarget.embedded();
        int subtasks = parallelism == 0 ? embedded.parallelism() : parallelism;
        if (flinkRest == null) {
            return new FlinkTarget(null, 0, List.of(), subtasks);
        }
        int colon = flinkRest.lastIndexOf(':');
        try {
            String host = flinkRest.substring(0, colon);
            int port = Integer.parseInt(flinkRest.substring(colon + 1));
            return FlinkTarget.cluster(
                    host, port, jars.isEmpty() ? List.of(JobJar.find()) : jars, subtasks);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw usage("--flink-rest expects HOST:PORT, found " + flinkRest);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
