package io.spectrawatch.ops.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Claims and checkpoints on a real broker, with the job in this process. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class MonitorFaultsITCase {

    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final String TOPIC = "claims.sketches";

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        admin = Admin.create(client);
        new TopicAdmin(admin, "claims.").create(1, (short) 1);
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static Claim take(String group, Holder holder) throws Exception {
        return Claim.take(client, admin, group, TOPIC, holder, SHORT);
    }

    private static Holder other(long pid, String boot) {
        return new Holder("far", pid, "2026-01-01T00:00:00Z", boot);
    }

    @Test
    void aClaimIsGivenUpAtOnceByWhoStopsAndTakenFromWhoIsDead() throws Exception {
        try (Claim first = take("given-up", other(1, ""))) {
            assertEquals(
                    Optional.of("the monitor on host far, process 1, since 2026-01-01T00:00:00Z"),
                    Claim.holder(admin, "given-up"));
            assertEquals(Optional.empty(), first.lost());
        }
        // no process has this id: it is dead, and its session still lasts
        Holder self = Holder.self();
        Claim dead = take("given-up", other(Integer.MAX_VALUE, self.boot()));
        try (Claim second = take("given-up", self)) {
            assertEquals(Optional.empty(), second.lost());
            assertTrue(Claim.holder(admin, "given-up").get().contains("process " + self.pid()));
        } finally {
            dead.close();
        }
    }

    @Test
    void whoeverIsAliveOrCannotBeSeenIsNotDead() {
        Holder self = Holder.self();
        assertFalse(self.isDead());
        assertFalse(other(Integer.MAX_VALUE, "").isDead());
        assertFalse(other(Integer.MAX_VALUE, "another machine").isDead());
        assertTrue(other(Integer.MAX_VALUE, self.boot()).isDead());
        // a container that starts again gives its only process the same id
        assertTrue(other(self.pid(), self.boot()).isDead());
        assertEquals(Optional.of(self), Holder.parse(self.clientId()));
        assertEquals("odd at /1.2.3.4", Holder.describe("odd", "/1.2.3.4"));
    }

    /** As after a pause: the brokers have given the claim to somebody else meanwhile. */
    @Test
    void aClaimThatAnotherHasTakenOverIsLostWithItsName() throws Exception {
        Claim first = take("lost", other(1, ""));
        try {
            try (Claim second = takeFromLiving("lost", other(2, ""))) {
                while (first.lost().isEmpty()) {
                    Thread.sleep(100);
                }
                assertTrue(first.lost().get().contains("process 2"), () -> first.lost().toString());
                assertEquals(Optional.empty(), second.lost());
            }
        } finally {
            first.close();
        }
    }

    /** Tries until the one who was put out of the group is not the first to be in it again. */
    private static Claim takeFromLiving(String group, Holder holder) throws Exception {
        while (true) {
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
            try {
                return take(group, holder);
            } catch (IOException theFirstWasQuicker) {
                assertTrue(
                        theFirstWasQuicker.getMessage().contains("process 1"),
                        theFirstWasQuicker.getMessage());
            }
        }
    }

    // ------------------------------------------------------------------ checkpoints

    private static MonitorService monitor(Path checkpoints) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("topic.prefix", "claims.");
        settings.put("shards", "1");
        settings.put("parallelism", "0");
        settings.put("kernels", "host");
        settings.put("checkpoint.interval.ms", "100");
        settings.put("transactional.id.prefix", checkpoints.getFileName().toString());
        settings.put("group.id", checkpoints.getFileName().toString());
        return MonitorService.start(settings, client, checkpoints, 0);
    }

    /** Waits for a checkpoint with a higher number. */
    private static Path awaitCheckpoint(Path checkpoints, long above) throws Exception {
        while (true) {
            Optional<Path> newest = CheckpointFolder.newest(checkpoints);
            if (newest.isPresent() && number(newest.get()) > above) {
                return newest.get();
            }
            Thread.sleep(50);
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    /** No further checkpoint can be written; those that were can be read. */
    private static void fill(Path checkpoint) throws IOException {
        for (long n = number(checkpoint) + 1; n < number(checkpoint) + 300; n++) {
            Path place = checkpoint.resolveSibling("chk-" + n);
            if (!Files.exists(place)) {
                Files.createFile(place);
            }
        }
    }

    private static void free(Path checkpoints) throws IOException {
        try (Stream<Path> all = Files.walk(checkpoints)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                if (each.getFileName().toString().startsWith("chk-")) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void awaitFailure(MonitorService monitor) throws Exception {
        while (!monitor.state().equals("RESTARTING")) {
            Thread.sleep(50);
        }
    }

    @Test
    void aFullFolderIsRecoveredFromAndDamageIsNamedAtTheStart() throws Exception {
        Path checkpoints = folder.resolve("full");
        Path last;
        try (MonitorService monitor = monitor(checkpoints)) {
            Path first = awaitCheckpoint(checkpoints, 0);
            fill(first);
            awaitFailure(monitor);
            free(checkpoints);
            last = awaitCheckpoint(checkpoints, number(first) + 1);
            monitor.check();
        }
        last = CheckpointFolder.newest(checkpoints).orElseThrow();
        Path metadata = last.resolve("_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        Files.write(
                metadata,
                Arrays.copyOf(whole, whole.length / 2),
                StandardOpenOption.TRUNCATE_EXISTING);
        Files.setLastModifiedTime(metadata, FileTime.from(Instant.now()));
        String refused = refused(checkpoints);
        assertTrue(refused.contains("damaged: " + metadata), refused);
        assertTrue(refused.contains("remove " + last), refused);
    }

    private static String refused(Path checkpoints) {
        return assertThrows(IOException.class, () -> monitor(checkpoints).close()).getMessage();
    }

    @Test
    void aJobWhoseCheckpointWasDeletedEndsWithItsName() throws Exception {
        Path checkpoints = folder.resolve("deleted");
        try (MonitorService monitor = monitor(checkpoints)) {
            Path first = awaitCheckpoint(checkpoints, 0);
            fill(first);
            awaitFailure(monitor);
            Path left = CheckpointFolder.newest(checkpoints).orElseThrow();
            try (Stream<Path> all = Files.list(left.getParent())) {
                for (Path each : all.filter(Files::isDirectory).toList()) {
                    if (Files.exists(each.resolve("_metadata"))) {
                        Files.delete(each.resolve("_metadata"));
                        Files.move(each, folder.resolve("moved-" + each.getFileName()));
                    }
                }
            }
            String ended = assertThrows(IOException.class, monitor::join).getMessage();
            assertTrue(ended.contains("that it would go on from is gone: "), ended);
        }
    }

    /** Also as root, who may write where permissions say no. */
    @Test
    void aFolderThatCannotBeWrittenIsNamedAtTheStart() throws Exception {
        Path file = Files.createFile(folder.resolve("a-file"));
        String refused = refused(file.resolve("checkpoints"));
        assertTrue(refused.contains(file.resolve("checkpoints").toString()), refused);
        assertTrue(refused.contains("--checkpoints"), refused);
    }
}
