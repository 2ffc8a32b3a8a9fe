package io.spectrawatch.ops.cli.option;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
            standardOutput.println(text);
        } else {
            Files.writeString(Path.of(file), text + System.lineSeparator());
        }
    }
}
