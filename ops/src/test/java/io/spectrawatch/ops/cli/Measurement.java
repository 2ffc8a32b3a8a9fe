package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * A benchmark that was run as a command.
 *
 * @param report what it wrote as JSON
 * @param printed what it printed for people
 */
record Measurement(JsonNode report, String printed) {

    /** Rows so few that only the services' own time is left. */
    static final List<String> FEW_ROWS =
            List.of(
                    "--columns=8",
                    "--layers=3",
                    "--rows-per-snapshot=64",
                    "--rows-per-sample=4",
                    "--snapshots=20",
                    "--shards=2");

    /** Runs {@code bench} and requires that it succeeds. */
    static Measurement of(Path folder, String bench, List<String> options) throws Exception {
        Path json = folder.resolve(bench + ".json");
        List<String> arguments = new ArrayList<>(List.of("bench", bench));
        arguments.addAll(options);
        arguments.add("--json=" + json);
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));

        int code = command.execute(arguments.toArray(String[]::new));

        assertEquals(0, code, out.toString());
        return new Measurement(new ObjectMapper().readTree(json.toFile()), out.toString());
    }

    /** Runs something that cannot be measured, and returns what it says. */
    static String refused(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(err));
        assertEquals(2, command.execute(arguments));
        return err.toString();
    }
}
