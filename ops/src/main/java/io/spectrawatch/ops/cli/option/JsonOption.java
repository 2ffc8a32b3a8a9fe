package io.spectrawatch.ops.cli.option;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.spectrawatch.ops.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code --json}: what a command did, for programs. */
public final class JsonOption {

    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write what was done as JSON; - for standard output.")
    private String file;

    /** Whether standard output is taken, so that progress belongs on standard error. */
    public boolean takesStandardOutput() {
        return STANDARD_OUTPUT.equals(file);
    }

    /** Where people read: standard output, or standard error where the report takes that. */
    public PrintWriter forPeople(CommandLine command) {
        return takesStandardOutput() ? command.getErr() : command.getOut();
    }

    /** Takes lines for people, and shows each at once. */
    public Consumer<String> progress(CommandLine command) {
        PrintWriter out = forPeople(command);
        return line -> {
            out.println(line);
            out.flush();
        };
    }

    /**
     * Writes a report, if asked to.
     *
     * @param report a record, or a JSON tree
     */
    public void write(Object report, PrintWriter standardOutput) throws IOException {
        if (file == null) {
            return;
        }
        String text =
                new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(report);
        if (takesStandardOutput()) {
            // Within a string the escape means the same character.
            text.lines().map(Printable::text).forEach(standardOutput::println);
        } else {
            Files.writeString(Path.of(file), text + System.lineSeparator());
        }
    }

    /** Writes one of many reports, if asked to, as a line of its own after those before it. */
    public void writeLine(Object report, PrintWriter standardOutput) throws IOException {
        if (file == null) {
            return;
        }
        String line = Printable.text(new ObjectMapper().writeValueAsString(report));
        if (takesStandardOutput()) {
            standardOutput.println(line);
        } else {
            Files.writeString(
                    Path.of(file),
                    line + System.lineSeparator(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }
}
