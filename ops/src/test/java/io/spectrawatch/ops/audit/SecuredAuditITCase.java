package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.security.SecuredBroker;
import io.spectrawatch.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code calibrate}, {@code baseline} and {@code audit} over TLS and SASL: with the rights of their
 * role and no others they work, without them one line says which is missing.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SecuredAuditITCase {

    private static final String PREFIX = Topics.DEFAULT_PREFIX;

    @TempDir private static Path folder;

    private static SecuredBroker broker;
    private static String baseline;
    private static Path eve;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void record() throws Exception {
        broker = SecuredBroker.start(folder);
        RecordedRun run = new RecordedRun(broker.anonymous(), folder);
        run.createTopics(PREFIX);
        baseline = run.publish(PREFIX, new ChainModel().whole(11));
        run.writeLog(PREFIX, baseline);
        run.monitor(PREFIX);
        eve = broker.user("eve", List.of());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private int run(Path client, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--bootstrap-server", broker.servers()));
        arguments.addAll(List.of("--command-config", client.toString()));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments.toArray(String[]::new));
        assertFalse((out.toString() + err).contains(SecuredBroker.SECRET), "a password is shown");
        return code;
    }

    private void refused(String expected, String... command) {
        assertEquals(1, run(eve, command), err.toString());
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    private static String[] audit() {
        return new String[] {
            "audit",
            "--model",
            TestLog.MODEL,
            "--from",
            Times.text(RecordedRun.START),
            "--to",
            Times.text(RecordedRun.END),
            "--json",
            "-"
        };
    }

    private static String[] calibrate(String... more) {
        List<String> arguments = new ArrayList<>(List.of("calibrate"));
        arguments.addAll(List.of("--model", TestLog.MODEL));
        arguments.addAll(List.of("--from-offsets", "0:0,1:0", "--to-offsets", "0:400,1:400"));
        arguments.addAll(List.of("--window-rank", "4", "--groups", "2"));
        arguments.addAll(List.of("-D", "minimum.rows=50", "-D", "pool.rows=50"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void anAuditorAuditsAndMayNothingElse() throws Exception {
        Path auditor = broker.user("auditor", Role.AUDITOR.rights(SecuredBroker.IDS));
        assertEquals(0, run(auditor, audit()), err.toString());
        assertEquals(
                "IDENTICAL",
                new ObjectMapper().readTree(out.toString()).get("verdict").asText(),
                out.toString());
        assertEquals(1, run(auditor, "baseline", "activate", baseline));
        assertTrue(
                err.toString().contains("User:auditor may not WRITE topic spectrawatch.baselines"),
                err.toString());
    }

    @Test
    void anOperatorCalibratesAndActivates() throws Exception {
        Path operator = broker.user("operator", Role.OPERATOR.rights(SecuredBroker.IDS));
        assertEquals(0, run(operator, calibrate("--json", "-")), out + "\n" + err);
        String id = new ObjectMapper().readTree(out.toString()).get("baselineId").asText();
        assertEquals(0, run(operator, "baseline", "list"), err.toString());
        assertTrue(out.toString().contains(id.substring(0, 8)), out.toString());
        assertEquals(0, run(operator, "baseline", "show", id), err.toString());
        assertEquals(0, run(operator, "baseline", "activate", id), err.toString());
        String[] model = {"--model-id", TestLog.MODEL, "--model-version", TestLog.VERSION};
        assertEquals(
                0,
                run(operator, "baseline", "deactivate", model[0], model[1], model[2], model[3]),
                err.toString());
        assertEquals(
                0,
                run(operator, "baseline", "rollback", model[0], model[1], model[2], model[3]),
                err.toString());
        assertEquals(1, run(operator, audit()));
        assertTrue(
                err.toString().contains("User:operator may not READ topic spectrawatch.sketches"),
                err.toString());
    }

    @Test
    void withoutRightsOneLineSaysWhichAreMissing() {
        String unread =
                "User:eve may not READ topic spectrawatch.activations, READ topic"
                        + " spectrawatch.validated";
        refused(unread, audit());
        refused(unread, calibrate());
        String denied = "cannot read spectrawatch.baselines: Not authorized";
        refused(denied, "baseline", "list");
        refused(denied, "baseline", "show", baseline);
        refused(unread, "baseline", "activate", baseline);
        refused(unread, "baseline", "rollback", "--model-id", TestLog.MODEL);
        refused(unread, "baseline", "deactivate", "--model-id", TestLog.MODEL);
    }

    @Test
    void theWrongPasswordIsSaidToBeWrong() throws Exception {
        Path wrong = broker.client("mallory", SecuredBroker.SECRET + "guessed");
        for (String[] command : List.of(audit(), calibrate(), new String[] {"baseline", "list"})) {
            assertEquals(1, run(wrong, command), err.toString());
            assertTrue(err.toString().contains("refused the credentials"), err.toString());
        }
    }
}
