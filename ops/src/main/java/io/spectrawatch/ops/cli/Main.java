package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.process.LastWords;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.NearestName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code spectrawatch} command.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage (a flag, an argument or a configuration key), 3
 * out of memory. Errors are one line on standard error.
 */
@Command(
        name = Main.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Watches the inside of neural networks: sketches, certificates, alerts, replay.",
        subcommands = {
            DemoCommand.class,
            CaptureCommand.class,
            IngestCommand.class,
            MonitorCommand.class,
            CalibrateCommand.class,
            ExporterCommand.class,
            BaselineCommand.class,
            ModelsCommand.class,
            AlertsCommand.class,
            SketchCommand.class,
            AuditCommand.class,
            DecodeCommand.class,
            TopicsCommand.class,
            BenchCommand.class,
            EvaluateCommand.class,
            BasisCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        })
public final class Main implements Runnable {

    static final String NAME = "spectrawatch";

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        LastWords.endOnError(NAME, System.err);
        int code;
        try {
            code =
                    execute(
                            new PrintWriter(System.out, true),
                            new PrintWriter(System.err, true),
                            args);
        } catch (Error e) {
            System.err.println(NAME + ": " + LastWords.of(e));
            code = ExitCodes.of(e);
        }
        LastWords.exit(code);
    }

    /** Runs the command in this JVM and returns its exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        CommandLine command = new CommandLine(new Main());
        command.setOut(out);
        command.setErr(err);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler(
                (e, given) -> {
                    err.println(
                            e.getCommandLine().getCommandSpec().qualifiedName()
                                    + ": "
                                    + oneLine(e)
                                    + hint(e)
                                    + " (see --help)");
                    return ExitCodes.USAGE;
                });
        command.setExecutionExceptionHandler(
                (e, failed, result) -> {
                    err.println(failed.getCommandSpec().qualifiedName() + ": " + oneLine(e));
                    return e instanceof ConfigException ? ExitCodes.USAGE : ExitCodes.of(e);
                });
        return command.execute(args);
    }

    /** The option or command that was probably meant. */
    private static String hint(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String given = unmatched.getUnmatched().get(0).split("=", 2)[0];
        CommandLine command = e.getCommandLine();
        Set<String> names =
                given.startsWith("-")
                        ? command.getCommandSpec().optionsMap().keySet()
                        : command.getSubcommands().keySet();
        return names.isEmpty() ? "" : "; did you mean " + NearestName.of(given, names) + "?";
    }

    /** What Java tells by the kind of the exception alone, whose message is just the path. */
    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return ": no such file or folder";
        }
        return e instanceof AccessDeniedException ? ": permission denied" : "";
    }

    private static String oneLine(Exception e) {
        Throwable said = e;
        while (said instanceof ExecutionException && said.getCause() != null) {
            said = said.getCause();
        }
        for (Throwable cause = said.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthorizationException && !(said instanceof IOException)) {
                said = cause;
            }
        }
        String message = said.getMessage() == null ? said.toString() : said.getMessage();
        if (said instanceof FileSystemException file && file.getReason() == null) {
            message += reason(file);
        }
        String line =
                message.lines()
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("; "));
        return Printable.text(line.isEmpty() ? said.toString() : line);
    }
}
