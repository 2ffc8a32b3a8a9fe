package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A monitor in a process of its own gets what a hostile client and large models may send, pane
 * after pane, and lives: its memory stays under its limits, every pane of another model has all its
 * rows, and what it did not watch is recorded. {@code -Pabuse} sends far more, also to a process of
 * 512 MiB; ops/docs/sizing.md.
 */
class AbuseITCase {

    private static final String PREFIX = "abuse.";
    private static final int SHARDS = 2;

    /** Multiplies what is sent. */
    private static final int FACTOR = Integer.getInteger("spectrawatch.abuse.factor", 1);

    /** Sizes of the heap, MiB, separated by commas. */
    private static final String HEAPS = System.getProperty("spectrawatch.abuse.heaps", "512");

    /** Beside heap and direct memory: code, threads, classes, OpenBLAS; see MemoryBudget. */
    private static final long OVERHEAD_MIB = 512;

    @TempDir private Path folder;

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void theMonitorLivesAndOthersLoseNothing() throws Exception {
        for (String heap : HEAPS.split(",")) {
            live(Long.parseLong(heap));
        }
    }

    private void live(long heapMib) throws Exception {
        Path own = folder.resolve("heap-" + heapMib);
        try (EmbeddedBroker broker = EmbeddedBroker.start(own.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1, ValidatedWriter.KEPT);
            }
            Set<Long> before = children();
            try (ChildJvm monitor = monitor(own, heapMib, broker.bootstrapServers())) {
                Set<Long> started = children();
                started.removeAll(before);
                assertEquals(1, started.size(), "the monitor is a child of this process");
                long pid = started.iterator().next();
                TreeMap<Long, Long> sent;
                try (AbuseLog log = new AbuseLog(client, PREFIX, SHARDS, FACTOR)) {
                    sent = log.write();
                }
                Seen seen = await(client, sent, monitor, pid);
                assertEquals(sent, seen.rows, "rows of the rightful model by pane");
                assertTrue(seen.unwatched.contains("one-record"), seen.unwatched::toString);
                assertTrue(seen.unwatched.contains("many-layers"), seen.unwatched::toString);
                long resident = mebibytes(pid, "VmHWM");
                System.out.printf(
                        "abuse x %d, -Xmx%dm: %d panes, resident at most %d MiB, every 2 s %s,"
                                + " models not watched as a whole or in part %d%n",
                        FACTOR,
                        heapMib,
                        sent.size(),
                        resident,
                        seen.resident,
                        seen.unwatched.size());
                assertTrue(resident <= 2 * heapMib + OVERHEAD_MIB, "resident " + resident);
                assertTrue(monitor.isAlive(), monitor::toString);
            }
        }
    }

    private ChildJvm monitor(Path own, long heapMib, String brokers) throws IOException {
        int port = FreePort.next();
        return ChildJvm.named("monitor")
                .options("-Xmx" + heapMib + "m", "-XX:+UseG1GC", "-XX:TieredStopAtLevel=1")
                .log(own.resolve("monitor.log"))
                .start(
                        Main.class.getName(),
                        "monitor",
                        "--bootstrap-server",
                        brokers,
                        "--topic-prefix",
                        PREFIX,
                        "--checkpoints",
                        own.resolve("checkpoints").toString(),
                        "--web-port",
                        Integer.toString(port),
                        "-D",
                        "kernels=host",
                        "-D",
                        "checkpoint.interval.ms=3000");
    }

    /** What the monitor published. */
    private static final class Seen {
        private final TreeMap<Long, Long> rows = new TreeMap<>();
        private final List<Long> resident = new ArrayList<>();
        private final TreeSet<String> unwatched = new TreeSet<>();
    }

    private Seen await(
            Map<String, Object> client, TreeMap<Long, Long> sent, ChildJvm monitor, long pid)
            throws Exception {
        Seen seen = new Seen();
        Map<String, Object> settings = new TreeMap<>(client);
        settings.put("isolation.level", "read_committed");
        TopicPartition sketches = new TopicPartition(Topics.SKETCHES.topicName(PREFIX), 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(sketches));
            consumer.seekToBeginning(List.of(sketches));
            while (seen.rows.size() < sent.size()) {
                if (!monitor.isAlive()) {
                    throw new AssertionError(monitor.describe());
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(2))) {
                    take(Wire.decode(record.value()), seen);
                }
                seen.resident.add(mebibytes(pid, "VmRSS"));
            }
        }
        return seen;
    }

    private static void take(SpecificRecord record, Seen seen) {
        if (record instanceof LayerSketch sketch && sketch.getModelId().equals(AbuseLog.RIGHTFUL)) {
            seen.rows.put(sketch.getPaneEnd(), sketch.getRows());
        } else if (record instanceof UnwatchedLayers pane) {
            seen.unwatched.add(pane.getModelId());
        }
    }

    private static Set<Long> children() {
        Set<Long> children = new TreeSet<>();
        ProcessHandle.current().children().forEach(child -> children.add(child.pid()));
        return children;
    }

    private static long mebibytes(long pid, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no " + field + " of process " + pid);
    }
}
