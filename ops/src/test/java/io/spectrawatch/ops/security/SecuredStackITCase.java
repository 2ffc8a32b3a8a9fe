package io.spectrawatch.ops.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.admin.Right;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command against a broker with SASL_SSL and ACLs: with the rights of its role and no others
 * it works, without them it says which one is missing, and no secret is ever printed.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class SecuredStackITCase {

    private static final String PANES = "spectrawatch_panes_total{";
    private static final int POLLS_PER_CAPTURE = 60;

    /** No alert is raised here, so nothing is sent. */
    private static final String NOWHERE = "-Dotlp.logs.endpoint=http://127.0.0.1:1/v1/logs";

    @TempDir private Path folder;

    private final StringWriter printed = new StringWriter();

    @Test
    void everyCommandWorksWithTheRightsOfItsRoleAndSaysWhichAreMissing() throws Exception {
        try (SecuredBroker broker = SecuredBroker.start(folder)) {
            Path administrator = broker.user("admin", List.of());
            assertEquals(
                    0,
                    run(
                            "topics",
                            "create",
                            "--partitions",
                            "1",
                            "--bootstrap-server",
                            broker.servers(),
                            "--command-config",
                            administrator.toString()));
            withoutRights(broker);
            withTheWrongPassword(broker);
            secretsAreRefusedOnTheCommandLine(broker);
            theWholePipeline(broker);
        }
        assertNoSecret(printed.toString());
    }

    // ------------------------------------------------------------------ refusals

    private void withoutRights(SecuredBroker broker) throws Exception {
        Path eve = broker.user("eve", List.of());
        String file = eve.toString();
        refused(
                "User:eve may not WRITE topic spectrawatch.activations",
                broker,
                file,
                "capture",
                "--text",
                text().toString());
        refused(
                "User:eve may not READ topic spectrawatch.activations, DESCRIBE_CONFIGS topic"
                        + " spectrawatch.activations, WRITE topic spectrawatch.validated",
                broker,
                file,
                "ingest");
        refused("READ topic spectrawatch.validated", broker, file, "monitor");
        refused("READ topic spectrawatch.sketches", broker, file, "exporter");
        Path shows = broker.user("shows", Role.EXPORTER.rights(SecuredBroker.IDS));
        refused(
                "User:shows may not READ group spectrawatch.forwarder;",
                broker,
                shows.toString(),
                "exporter",
                NOWHERE);
        refused(
                "User:eve may not CREATE topic spectrawatch.activations",
                broker,
                file,
                "topics",
                "create");
        refused(
                "User:eve may not DESCRIBE topic spectrawatch.activations",
                broker,
                file,
                "topics",
                "describe");
        // one right of several is named alone
        Path half =
                broker.user(
                        "half",
                        Role.MONITOR.rights(SecuredBroker.IDS).stream()
                                .filter(
                                        right ->
                                                right.operation() != AclOperation.WRITE
                                                        || !right.resourceName()
                                                                .contains("sketches"))
                                .toList());
        refused(
                "User:half may not WRITE topic spectrawatch.sketches;",
                broker,
                half.toString(),
                "monitor");
    }

    private void withTheWrongPassword(SecuredBroker broker) throws Exception {
        Path wrong = broker.client("admin", SecuredBroker.SECRET + "wrong");
        refused("refused the credentials", broker, wrong.toString(), "topics", "describe");
        broker.client("admin", SecuredBroker.SECRET + "admin");
    }

    private void secretsAreRefusedOnTheCommandLine(SecuredBroker broker) {
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(printed, true),
                        new PrintWriter(err, true),
                        "topics",
                        "describe",
                        "--bootstrap-server",
                        broker.servers(),
                        "--command-property",
                        "sasl.jaas.config=" + SecuredBroker.SECRET);
        assertEquals(2, code);
        assertTrue(err.toString().contains("sasl.jaas.config is a secret"), err.toString());
        assertNoSecret(err.toString());
    }

    private void refused(String expected, SecuredBroker broker, String file, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--bootstrap-server", broker.servers(), "--command-config", file));
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(printed, true),
                        new PrintWriter(err, true),
                        arguments.toArray(String[]::new));
        assertEquals(1, code, err.toString());
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertNoSecret(err.toString());
    }

    // ------------------------------------------------------------------ the pipeline

    private void theWholePipeline(SecuredBroker broker) throws Exception {
        Path web =
                Files.write(
                        folder.resolve("web.properties"),
                        List.of(
                                "tls.keystore=" + broker.stores().key(),
                                "tls.keystore.password=" + Keystores.PASSWORD,
                                "basic.auth.username=prometheus",
                                "basic.auth.password=" + SecuredBroker.SECRET + "prometheus"));
        try (CommandProcess ingest = ingest(broker, web);
                CommandProcess monitor = monitor(broker);
                CommandProcess exporter = exporter(broker, web)) {
            awaitSketches(broker, List.of(ingest, monitor, exporter));
            awaitForwarder(broker, exporter);
            for (CommandProcess process : List.of(ingest, monitor, exporter)) {
                process.requireAlive();
                assertTrue(process.output().contains("SCRAM-SHA-512"), "nothing was logged");
                assertNoSecret(process.output());
                assertEquals(List.of(), process.listeningBeyondLoopback());
            }
        }
    }

    private CommandProcess ingest(SecuredBroker broker, Path web) throws Exception {
        return start(
                broker,
                Role.INGEST,
                "ingesting; metrics at https://127.0.0.1:",
                "ingest",
                "--metrics-port",
                "0",
                "--web-config",
                web.toString(),
                "-Dpane.ms=1000",
                "-Dlateness.ms=3000",
                "-Dtick.interval.ms=200",
                "-Dstate.dir=" + folder.resolve("streams"));
    }

    private CommandProcess monitor(SecuredBroker broker) throws Exception {
        return start(
                broker,
                Role.MONITOR,
                "monitoring; Flink at",
                "monitor",
                "--web-port",
                "0",
                "--checkpoints",
                folder.resolve("checkpoints").toString(),
                "-Dcheckpoint.interval.ms=500");
    }

    private CommandProcess exporter(SecuredBroker broker, Path web) throws Exception {
        return start(
                broker,
                Role.EXPORTER,
                "serving https://127.0.0.1:",
                "exporter",
                NOWHERE,
                "--port",
                "0",
                "--web-config",
                web.toString());
    }

    /** Starts one after the other: they share the machine with everything else. */
    private CommandProcess start(SecuredBroker broker, Role role, String started, String... command)
            throws Exception {
        List<Right> rights = new ArrayList<>(role.rights(SecuredBroker.IDS));
        if (role == Role.EXPORTER) {
            rights.addAll(Role.FORWARDER.rights(SecuredBroker.IDS));
        }
        Path client = broker.user(role.label(), rights);
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(
                List.of(
                        "--bootstrap-server",
                        broker.servers(),
                        "--command-config",
                        client.toString()));
        CommandProcess process =
                CommandProcess.start(
                        folder.resolve(role.label() + ".log"), arguments.toArray(String[]::new));
        try {
            process.await(started);
            return process;
        } catch (Exception | AssertionError e) {
            process.close();
            throw e;
        }
    }

    /** It has recorded where it begins, so the rights of its two roles are enough. */
    private static void awaitForwarder(SecuredBroker broker, CommandProcess exporter)
            throws Exception {
        while (broker.admin()
                .listConsumerGroupOffsets(SecuredBroker.IDS.forwarder())
                .partitionsToOffsetAndMetadata()
                .get()
                .isEmpty()) {
            exporter.requireAlive();
            Thread.sleep(200);
        }
    }

    private void capture(SecuredBroker broker, Path client) throws Exception {
        assertEquals(
                0,
                run(
                        "capture",
                        "--text",
                        text().toString(),
                        "--bootstrap-server",
                        broker.servers(),
                        "--command-config",
                        client.toString()));
    }

    /**
     * Sketches come through the exporter, to who knows the password. On a machine that stands still
     * for a while a snapshot can be late, so it is captured again.
     */
    private void awaitSketches(SecuredBroker broker, List<CommandProcess> processes)
            throws Exception {
        String log = processes.get(2).output();
        int from = log.indexOf("serving https://") + "serving ".length();
        URI url = URI.create(log.substring(from, log.indexOf("/metrics", from)) + "/metrics");
        HttpClient client = HttpClient.newBuilder().sslContext(broker.stores().trusting()).build();
        assertEquals(401, get(client, url, "prometheus:guess").statusCode());
        String password = "prometheus:" + SecuredBroker.SECRET + "prometheus";
        Path capture = broker.user("capture", Role.CAPTURE.rights(SecuredBroker.IDS));
        for (int i = 0; !get(client, url, password).body().contains(PANES); i++) {
            if (i % POLLS_PER_CAPTURE == 0) {
                capture(broker, capture);
            }
            for (CommandProcess process : processes) {
                process.requireAlive();
            }
            Thread.sleep(500);
        }
    }

    private static HttpResponse<String> get(HttpClient client, URI url, String credentials)
            throws Exception {
        String header = Base64.getEncoder().encodeToString(credentials.getBytes());
        return client.send(
                HttpRequest.newBuilder(url).header("Authorization", "Basic " + header).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int run(String... arguments) {
        PrintWriter out = new PrintWriter(printed, true);
        StringWriter err = new StringWriter();
        int code = Main.execute(out, new PrintWriter(err, true), arguments);
        assertNoSecret(err.toString());
        assertEquals("", code == 0 ? "" : err.toString());
        return code;
    }

    private Path text() throws Exception {
        return Files.write(folder.resolve("texts.txt"), List.of("A text.", "And another one."));
    }

    private static void assertNoSecret(String output) {
        assertFalse(output.contains(SecuredBroker.SECRET), "a password was printed");
        assertFalse(output.contains(Keystores.PASSWORD), "a keystore's password was printed");
    }
}
