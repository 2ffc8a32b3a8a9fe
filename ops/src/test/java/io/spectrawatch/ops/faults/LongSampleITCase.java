package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.TopicReader;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * One sample of many parts passes through ingest and the job, each in a process of its own whose
 * memory is measured: nobody holds the sample as a whole. {@code -Pabuse} sends 32,768 tokens at
 * four layers of 4096 columns in bfloat16, 1 GiB; ops/docs/sizing.md.
 */
@EnabledIfSystemProperty(named = "spectrawatch.longsample.factor", matches = "[1-9]\\d*")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LongSampleITCase {

    private static final String PREFIX = "long.";
    private static final int LAYERS = 4;
    private static final int COLUMNS = 4096;

    /** Multiplies what is sent. */
    private static final int FACTOR = Integer.getInteger("spectrawatch.longsample.factor", 1);

    /** Tokens of a part in turn: the sizes of a prompt in pieces, and of tokens as they come. */
    private static final int[] PART_TOKENS = {240, 1, 15, 128, 128};

    private static final int TOKENS = 512 * FACTOR;

    /** Longer than it takes to send the sample, so that few panes share the memory. */
    private static final long PANE_MILLIS = 4000 + 1000L * FACTOR;

    private static final int INGEST_HEAP_MIB = 384;
    private static final int MONITOR_HEAP_MIB = 768;

    /** Beside heap and direct memory: code, threads, classes, OpenBLAS; see MemoryBudget. */
    private static final long OVERHEAD_MIB = 512;

    @TempDir private Path folder;

    @Test
    void aSampleOfManyPartsPassesThrough() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(1, (short) 1);
            }
            Set<Long> before = children();
            try (ChildJvm ingest = ingest(broker)) {
                long ingestPid = started(before);
                before = children();
                try (ChildJvm monitor = monitor(broker.bootstrapServers())) {
                    long monitorPid = started(before);
                    int parts = send(client);
                    assertEquals(rows(), await(client, List.of(ingest, monitor)));
                    assertEquals(0, count(client, Topics.REJECTED), "dead letters");
                    long ingestMib = mebibytes(ingestPid);
                    long monitorMib = mebibytes(monitorPid);
                    System.out.printf(
                            "a sample of %,d tokens, %,d MiB in %d parts: resident at most %d MiB"
                                    + " ingest (-Xmx%dm), %d MiB monitor (-Xmx%dm)%n",
                            TOKENS,
                            (long) TOKENS * LAYERS * COLUMNS * Short.BYTES >> 20,
                            parts,
                            ingestMib,
                            INGEST_HEAP_MIB,
                            monitorMib,
                            MONITOR_HEAP_MIB);
                    assertTrue(ingestMib <= 2 * INGEST_HEAP_MIB + OVERHEAD_MIB);
                    assertTrue(monitorMib <= 2 * MONITOR_HEAP_MIB + OVERHEAD_MIB);
                }
            }
        }
    }

    private ChildJvm ingest(EmbeddedBroker broker) throws IOException {
        return new IngestJvm(broker, PREFIX, folder)
                .options(List.of("-Xmx" + INGEST_HEAP_MIB + "m"))
                .options(IngestJvm.SHORT_LIVED)
                .set("pane.ms", PANE_MILLIS)
                .set("lateness.ms", PANE_MILLIS)
                .set("tick.interval.ms", 500)
                .start();
    }

    private ChildJvm monitor(String brokers) throws IOException {
        return ChildJvm.named("monitor")
                .options("-Xmx" + MONITOR_HEAP_MIB + "m", "-XX:+UseG1GC", "-XX:TieredStopAtLevel=1")
                .log(folder.resolve("monitor.log"))
                .start(
                        Main.class.getName(),
                        "monitor",
                        "--bootstrap-server",
                        brokers,
                        "--topic-prefix",
                        PREFIX,
                        "--checkpoints",
                        folder.resolve("checkpoints").toString(),
                        "--web-port",
                        Integer.toString(FreePort.next()),
                        "-D",
                        "kernels=host",
                        "-D",
                        "models.max=1",
                        "-D",
                        "checkpoint.interval.ms=3000");
    }

    /** Makes a part, sends it, and forgets it. */
    private static int send(Map<String, Object> client) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(Synthetic.seed());
        long capturedAt = System.currentTimeMillis() * 1000;
        int parts = 0;
        try (SnapshotPublisher publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults()
                                .withTopicPrefix(PREFIX)
                                .withBuffer(8, Topics.MAX_RECORD_BYTES),
                        client,
                        new CollectorRegistry(),
                        (sequence, at, failure) -> {})) {
            for (int token = 0; token < TOKENS; parts++) {
                int tokens = Math.min(TOKENS - token, PART_TOKENS[parts % PART_TOKENS.length]);
                publisher.publishBlocking(part(random, capturedAt, parts, token, tokens));
                token += tokens;
            }
        }
        return parts;
    }

    private static ActivationSnapshot part(
            SplittableRandom random, long capturedAt, int part, int token, int tokens) {
        Sample sample =
                Sample.newBuilder()
                        .setId("request")
                        .setPart(part)
                        .setLast(token + tokens == TOKENS)
                        .setSession("conversation")
                        .setTraceId("0af7651916cd43dd8448eb211c80319c")
                        .setRows(
                                List.of(
                                        new RowRange(
                                                (long) token,
                                                tokens,
                                                tokens == 1 ? Phase.GENERATED : Phase.PROMPT)))
                        .build();
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            layers.add(
                    new Layer(
                            "layer." + layer,
                            layer,
                            LayerRole.HIDDEN,
                            tokens,
                            COLUMNS,
                            ElementType.BFLOAT16,
                            null,
                            values(random, tokens * COLUMNS),
                            "residual-pre-norm",
                            false));
        }
        return new ActivationSnapshot(
                "long",
                "1",
                "ab".repeat(32),
                "capture",
                (long) part,
                capturedAt,
                List.of(sample),
                layers);
    }

    /** Numbers between 1 and 2 with a random sign, four out of each draw. */
    private static ByteBuffer values(SplittableRandom random, int count) {
        ByteBuffer data = ByteBuffer.allocate(Short.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putLong(random.nextLong() & 0x807f_807f_807f_807fL | 0x3f80_3f80_3f80_3f80L);
        }
        return data.flip();
    }

    private static Map<String, Long> rows() {
        Map<String, Long> rows = new TreeMap<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            rows.put("layer." + layer, (long) TOKENS);
        }
        return rows;
    }

    /** Rows of the layers' sketches, once all are in some: a late part counts in another pane. */
    private static Map<String, Long> await(Map<String, Object> client, List<ChildJvm> processes)
            throws Exception {
        Map<String, Long> rows = new TreeMap<>();
        try (TopicReader reader = new TopicReader(client, Topics.SKETCHES.topicName(PREFIX))) {
            while (rows.values().stream().mapToLong(each -> each).sum() < (long) LAYERS * TOKENS) {
                for (ChildJvm process : processes) {
                    if (!process.isAlive()) {
                        throw new AssertionError(process.describe());
                    }
                }
                reader.poll();
                rows.clear();
                for (ConsumerRecord<byte[], byte[]> record : reader.records()) {
                    if (Wire.decode(record.value()) instanceof LayerSketch sketch) {
                        rows.merge(sketch.getLayer(), sketch.getRows(), Long::sum);
                    }
                }
            }
        }
        return rows;
    }

    private static long count(Map<String, Object> client, Topics topic) {
        return Topic.ends(client, topic, PREFIX).values().stream().mapToLong(end -> end).sum();
    }

    private static Set<Long> children() {
        Set<Long> children = new TreeSet<>();
        ProcessHandle.current().children().forEach(child -> children.add(child.pid()));
        return children;
    }

    private static long started(Set<Long> before) {
        Set<Long> now = children();
        now.removeAll(before);
        assertEquals(1, now.size(), "a child of this process");
        return now.iterator().next();
    }

    private static long mebibytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no VmHWM of process " + pid);
    }
}
