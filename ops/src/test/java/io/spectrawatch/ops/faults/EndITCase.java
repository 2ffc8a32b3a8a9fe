package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.doctor.DoctorFinding;
import io.spectrawatch.ops.doctor.ServiceChecks;
import io.spectrawatch.ops.monitor.Claims;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.ops.process.ExitCodes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A monitor whose work has ended for good ends its process, and says why in one line. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class EndITCase {

    private static final int SHARDS = 1;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void topics(String prefix) throws Exception {
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, prefix).create(SHARDS, (short) 1, ValidatedWriter.KEPT);
        }
    }

    @Test
    void aFencedMonitorEndsAndNoStartPublishesTwice() throws Exception {
        String prefix = "fenced.";
        topics(prefix);
        try (LogWriter log = new LogWriter(client, prefix, SHARDS, Synthetic.seed());
                Outputs outputs = new Outputs(client, prefix)) {
            log.panes(2);
            try (ChildJvm first = monitor(prefix, "first", "-Xmx512m")) {
                while (outputs.sketches() == 0) {
                    assertTrue(first.isAlive(), first.describe());
                    outputs.poll();
                }
                assertClaimed(prefix);
                assertServices(
                        prefix,
                        Duration.ofMinutes(2),
                        "log clock OK, ingest OK, monitor OK, shards OK, claim OK, panes OK");
                fence(prefix, log, first);
                assertEquals(1, first.awaitExit(PATIENCE), first.describe());
                assertLine("the monitor has ended: fenced: another process", first.describe());
            }
            log.panes(1);
            publishUnseen(prefix);
            assertServices(
                    prefix,
                    Duration.ZERO,
                    "log clock FAILED, ingest FAILED, monitor FAILED, shards OK, claim WARNING,"
                            + " panes FAILED");
            // its claim does not hold up the next one, which has no checkpoint
            long before = System.nanoTime();
            try (ChildJvm second = monitor(prefix, "second", "-Xmx512m")) {
                assertEquals(1, second.awaitExit(PATIENCE), second.describe());
                assertLine(
                        "would be published a second time: fenced.sketches holds panes of it up to"
                                + " 1970-01-01T00:",
                        second.describe());
                assertLine("--checkpoints", second.describe());
                assertLine("--from-beginning", second.describe());
            }
            assertTrue(System.nanoTime() - before < PATIENCE.toNanos());
            assertOtherTopicsMayHoldASecondRun(prefix, "again.");
        }
    }

    private static void assertOtherTopicsMayHoldASecondRun(String prefix, String again)
            throws Exception {
        topics(again);
        try (Outputs outputs = new Outputs(client, again);
                ChildJvm run =
                        monitor(
                                prefix,
                                "third",
                                "-Xmx512m",
                                "--from-beginning",
                                "-D",
                                "output.topic.prefix=" + again,
                                "-D",
                                "transactional.id.prefix=" + again,
                                "-D",
                                "group.id=" + again)) {
            while (outputs.sketches() == 0) {
                assertTrue(run.isAlive(), run.describe());
                outputs.poll();
            }
        }
    }

    /** A snapshot, or what claims to be one, that no ingest has read. */
    private static void publishUnseen(String prefix) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(prefix + "activations", new byte[] {1})).get();
        }
    }

    /** What doctor says of the services, nothing more than so far behind. */
    private static void assertServices(String prefix, Duration most, String expected)
            throws Exception {
        Role.Ids ids = new Role.Ids(prefix, prefix, "spectrawatch.ingest", prefix, prefix);
        try (Admin admin = Admin.create(client)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            List<DoctorFinding> findings;
            String found;
            do {
                findings = new ServiceChecks(admin, client, ids, most).run();
                found =
                        findings.stream()
                                .map(each -> each.check() + " " + each.status())
                                .collect(Collectors.joining(", "));
                // offsets are committed a moment after what was read is published
            } while (!found.equals(expected) && System.nanoTime() < deadline);
            assertEquals(expected, found, findings.toString());
        }
    }

    private static void assertClaimed(String prefix) throws Exception {
        try (Admin admin = Admin.create(client)) {
            Optional<String> holder = Claims.holder(admin, prefix + "monitor.claim");
            assertTrue(holder.isPresent() && holder.get().contains("process "), holder::toString);
            IOException refused =
                    assertThrows(
                            IOException.class,
                            () ->
                                    Claims.take(
                                            client,
                                            admin,
                                            List.of(prefix + "monitor.claim"),
                                            prefix + "sketches",
                                            Duration.ofSeconds(2)));
            assertTrue(
                    refused.getMessage().startsWith("another monitor is at work: " + holder.get()),
                    refused.getMessage());
        }
    }

    /** The virtual machine ends it and says why. */
    @Test
    void aMonitorWhoseHeapIsTooSmallEndsAndNamesIt() throws Exception {
        topics("small.");
        try (ChildJvm monitor = monitor("small.", "heap", "-Xmx12m")) {
            assertEquals(ExitCodes.OUT_OF_MEMORY, monitor.awaitExit(PATIENCE), monitor.describe());
            assertLine("java.lang.OutOfMemoryError: Java heap space", monitor.describe());
        }
    }

    /** Does what a second monitor does that asks nobody: it takes the transactional ids over. */
    private static void fence(String prefix, LogWriter log, ChildJvm monitor) throws Exception {
        Map<String, Object> properties = new HashMap<>(client);
        try (Admin admin = Admin.create(client)) {
            while (monitor.isAlive()) {
                // so that it has something to write, and finds out
                log.panes(1);
                for (TransactionListing open : admin.listTransactions().all().get()) {
                    if (open.transactionalId().startsWith(prefix)) {
                        properties.put("transactional.id", open.transactionalId());
                        try (KafkaProducer<byte[], byte[]> other =
                                new KafkaProducer<>(
                                        properties,
                                        new ByteArraySerializer(),
                                        new ByteArraySerializer())) {
                            other.initTransactions();
                        }
                    }
                }
                Thread.sleep(100);
            }
        }
    }

    private static void assertLine(String part, String log) {
        assertEquals(1, log.lines().filter(line -> line.contains(part)).count(), log);
    }

    private static Map<String, String> settings(String prefix) {
        Map<String, String> settings = new HashMap<>();
        settings.put("shards", Integer.toString(SHARDS));
        settings.put("sketch.rows", "8");
        settings.put("block.rows", "8");
        settings.put("kernels", "host");
        settings.put("checkpoint.interval.ms", "200");
        settings.put("transactional.id.prefix", prefix);
        settings.put("group.id", prefix);
        return settings;
    }

    private static ChildJvm monitor(String prefix, String name, String heap, String... more)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("monitor", "--bootstrap-server", broker.bootstrapServers()));
        arguments.addAll(List.of("--topic-prefix", prefix, "--web-port", "0"));
        arguments.addAll(List.of("--checkpoints", folder.resolve(prefix + name).toString()));
        settings(prefix)
                .forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
        arguments.addAll(List.of(more));
        return ChildJvm.named("monitor")
                .options(heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .log(folder.resolve(prefix + name + ".log"))
                .start(Main.class.getName(), arguments.toArray(String[]::new));
    }
}
