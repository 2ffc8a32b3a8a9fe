package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.process.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says and returns; whatever is wrong is named in one line. */
class MainTest {

    /** A port of the loopback address where nothing listens. */
    private static final String NO_BROKER = "127.0.0.1:1";

    private static final String RANGE =
            "calibrate --bootstrap-server x:1 --model m --from-offsets 0:0 --to-offsets 0:9";

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        "demo --snapshot 5, --snapshot",
        "demo --snapshots many, many",
        "demo --snapshots 0, snapshots must be at least 1",
        "topics, Missing required subcommand",
        "topics create, --bootstrap-server",
        "topics create --bootstrap-server x:1 --partitions 0, --partitions must be at least 1",
        "baseline, Missing required subcommand",
        "baseline show --bootstrap-server x:1, ID",
        "baseline rollback --bootstrap-server x:1, --model-id",
        "baseline activate ab --bootstrap-server x:1 --effective-from noon, 'found noon'",
        "baseline activate ab --bootstrap-server x:1 --max-clock-skew -1, must not be negative",
        "audit --bootstrap-server x:1, one of --from and --to",
        "audit --bootstrap-server x:1 --from 2026-01-01T00:00:00Z, a range needs --model",
        "audit --bootstrap-server x:1 --model m --from noon --to noon, found noon",
        "audit --alert a, --bootstrap-server",
        "audit --alert a --bootstrap-server x:1 --flink-rest here, found here",
        "audit verify, DIR",
        "alerts, Missing required subcommand",
        "alerts show --bootstrap-server x:1, ID",
        "alerts list --bootstrap-server x:1 --limit 0, --limit must be 1 to 10000",
        "alerts list --bootstrap-server x:1 --since noon, found noon",
        "alerts follow --bootstrap-server x:1 --limit 0, --limit must be at least 1",
        "alerts mute ab --bootstrap-server x:1, one of --for and --end",
        "alerts mute ab --bootstrap-server x:1 --for ever, found ever",
        "alerts feedback ab --bootstrap-server x:1, VERDICT",
        "alerts feedback ab maybe --bootstrap-server x:1, but was 'maybe'",
        "alerts lst --bootstrap-server x:1, did you mean list?",
        "sketch, Missing required subcommand: show",
        "sketch show --bootstrap-server x:1, MODEL",
        "sketch show m --bootstrap-server x:1 --panes 0, --panes must be 1 to 1000",
        "decode --topic alerts, --bootstrap-server",
        "decode --partition 1, --topic expected",
        "decode --topic a --from-offset 3 --bootstrap-server x:1, --from-offset belongs to --partition",
        "decode --limit 0, --limit must be at least 1",
        "decode --input xml, but was 'xml'",
        "completion, SHELL",
        "completion csh, but was 'csh'",
        "calibrate --bootstrap-server x:1 --logits y, --logits belongs to --model-file",
        "calibrate --bootstrap-server x:1 --model-file f --model m, needs --model and --model-version",
        "calibrate --bootstrap-server x:1 --model-file f --dry-run, --dry-run publishes nothing",
        "calibrate --bootstrap-server x:1, model.id",
        "calibrate --bootstrap-server x:1 --model m, a range is either",
        "calibrate --bootstrap-server x:1 --model m --from noon --to noon, source.time.start",
        RANGE + " --dry-run --activate, --dry-run",
        RANGE + " --window-rank 0, window.rank",
        RANGE + " -D window.rnk=3, window.rank",
        RANGE + " -D mode=modes, mode",
        RANGE + " -D supports=top, supports",
        RANGE + " -D groups.layers=a, layer:blocks",
        RANGE + " -D channels.layers=a:9-3, layer:first-last",
        RANGE + " -D pool.rows=10, minimum rows",
        "bench alarm-delay --means 2, 'means in (0, 1)'",
        "bench alarm-delay --streams 0, weight in",
        "capture --bootstrap-server x:1 --glosses --tap nowhere=mlp-output, --tap names a layer that",
        "capture --bootstrap-server x:1 --glosses --max-rows 0, must be at least 1",
        "capture --bootstrap-server x:1 --npy x=f --text-ngrams, --text-ngrams needs texts",
        "capture --bootstrap-server x:1 --glosses --basis nowhere=f, --basis names a layer that",
        "basis --from f --out g --rank 0, --rank must be at least 1",
        "frobnicate, frobnicate",
        "demo --snapshot 5, did you mean --snapshots?",
        "doctor --bootstrap-servers x:1, did you mean --bootstrap-server?",
        "monitr, did you mean monitor?",
        "topics creat, did you mean create?",
        "monitor --bootstrap-server x:1 --from-beginning, output.topic.prefix",
        "monitor --bootstrap-server x:1 --from-beginning -D output.topic.prefix=a -D group.id=b, transactional.id.prefix",
        "monitor --bootstrap-server x:1 -D sketch.row=5, sketch.row",
        "ingest --bootstrap-server x:1 -D pane.millis=5, pane.millis",
        "ingest --bootstrap-server x:1 -D pane.ms=-5, pane.ms",
        "exporter --bootstrap-server x:1 -D ingest.grop=g, did you mean ingest.group?",
        "exporter --bootstrap-server x:1 -D monitor.group=, monitor.group",
        "exporter --print-config -D topic=a, topic.prefix",
        "exporter --bootstrap-server x:1 -D topic.prefix=a., --topic-prefix names the topics",
        "monitor --print-config -D alpha=2, alpha",
        "monitor -D alpha=0.5, --bootstrap-server",
        "exporter, --bootstrap-server"
    })
    void wrongUsageIsNamedInOneLineAndExitsWith2(String command, String named) {
        assertEquals(ExitCodes.USAGE, run(command.split(" ")));
        assertOneLineNaming(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics describe",
                "baseline list",
                "ingest",
                "monitor",
                "exporter",
                "alerts list",
                "alerts ack a",
                "alerts follow",
                "sketch show m",
                "decode --topic alerts"
            })
    void aMissingBrokerIsNamedInOneLineAndExitsWith1(String command) {
        assertEquals(
                ExitCodes.FAILED, run((command + " --bootstrap-server " + NO_BROKER).split(" ")));
        assertOneLineNaming("no Kafka broker answered at " + NO_BROKER);
    }

    @Test
    void aBrokenAddressIsNamed() {
        assertEquals(
                ExitCodes.FAILED,
                run("topics", "describe", "--bootstrap-server", "nowhere.invalid:1"));
        assertOneLineNaming("nowhere.invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "monitor, sketch.rows, sketch.rowz",
        "ingest, pane.ms, pane.mss",
        "exporter, ingest.group, ingest.groups"
    })
    void anUnknownKeyInAConfigurationFileIsNamed(String service, String known, String unknown)
            throws Exception {
        Path file = folder.resolve("service.properties");
        Files.writeString(file, known + "=64\n" + unknown + "=64\n");

        int code = run(service, "--bootstrap-server", NO_BROKER, "--config", file.toString());

        assertEquals(ExitCodes.USAGE, code);
        assertOneLineNaming(unknown);
    }

    @Test
    void aFolderThatIsMissingIsSaidToBe() {
        String file = folder.resolve("none").resolve("report.json").toString();
        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        ("bench kernel --d 8 --rows 640 --no-peers --json " + file).split(" "));
        assertEquals(1, code);
        assertOneLineNaming(file + ": no such file or folder");
    }

    @Test
    void helpAndVersionAreOnStandardOutput() {
        assertEquals(0, run("--version"));
        assertEquals(0, run("demo", "--help"));
        assertTrue(out.toString().contains("OpenBLAS"));
        assertTrue(out.toString().contains("--exit-when-done"));
        assertFalse(out.toString().contains("${"), out.toString());
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "monitor", "exporter", "calibrate"})
    void settingsAreListedWithTheirMeaningWithoutABroker(String service) {
        assertEquals(0, run(service, "--print-config"), err.toString());
        assertTrue(out.toString().contains("``topic.prefix``"), out.toString());
        assertFalse(out.toString().contains("Lambda"), out.toString());
        assertEquals(0, run(service, "--bootstrap-server", NO_BROKER, "--print-config"));
        assertEquals("", err.toString());
    }

    private int run(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private void assertOneLineNaming(String named) {
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(named), err.toString());
    }
}
