package io.spectrawatch.ops.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.TopicReader;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Python tap in processes of its own, against a real broker and ingest. */
@Timeout(value = 25, unit = TimeUnit.MINUTES)
class PythonTapITCase {

    private static final String PREFIX = "py.";
    private static final int SHARDS = 2;
    private static final int REQUESTS = 10_000;
    private static final int A_SNAPSHOT = 100;
    private static final int COLUMNS = 8;
    private static final String OUTPUT = "2";
    private static final Duration OUTAGE =
            Duration.ofSeconds(Integer.getInteger("spectrawatch.tap.outageSeconds", 6));

    /** It takes seconds; a machine that builds on every core may need minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir private Path folder;

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private EmbeddedBroker broker;
    private Map<String, Object> client;

    @Test
    void nothingOfATapIsRefusedAndNothingIsMissedUnseen() throws Exception {
        PythonTraffic.requireInterpreter();
        try (EmbeddedBroker started = EmbeddedBroker.start(folder.resolve("broker"))) {
            broker = started;
            client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1);
            }
            try (IngestService ingest = ingest()) {
                ingest.start();
                assertTrue(ingest.awaitRunning(Duration.ofMinutes(3)));

                threadsAndForks();
                if (PythonTraffic.inFull() || PythonTraffic.hasTorch()) {
                    aTorchModel();
                }
                aKilledProcess();
                assertEquals(0, rejected());

                anAbsentBroker();
            }
        }
    }

    private IngestService ingest() {
        IngestConfig config =
                IngestConfig.fromMap(
                        Map.of(
                                IngestConfig.TOPIC_PREFIX,
                                PREFIX,
                                IngestConfig.STATE_DIR,
                                folder.resolve("streams").toString(),
                                IngestConfig.TICK_INTERVAL,
                                "200"));
        return new IngestService(config, client, IngestClock.system(), registry);
    }

    /** Eight threads are one capture without gaps; a process and its two forks are three. */
    private void threadsAndForks() throws Exception {
        try (PythonTraffic threads = traffic("threads");
                PythonTraffic fork = traffic("fork")) {
            assertEquals(2000, threads.await().get("published").asLong());
            assertEquals(100, fork.await().get("published").asLong());
        }
        awaitAccepted("threads", 2000);
        awaitAccepted("fork", 200);

        assertEquals(0, gaps("threads"));
        assertEquals(0, gaps("fork"));
        assertEquals(1, captures(accepted("threads")).size());
        Map<String, List<ActivationSnapshot>> forked = captures(accepted("fork"));
        assertEquals(
                List.of(50, 50, 100), forked.values().stream().map(List::size).sorted().toList());
        assertEquals(2000, ids(accepted("threads")).size());
        assertEquals(200, ids(accepted("fork")).size());
    }

    /**
     * What the model returned is what is in the log, and gives the sketch that Java's rows give.
     */
    private void aTorchModel() throws Exception {
        JsonNode counts;
        try (PythonTraffic torch = traffic("torch")) {
            counts = torch.await();
        }
        int snapshots = counts.get("published").asInt();
        awaitAccepted("torch", snapshots);
        List<ActivationSnapshot> accepted = accepted("torch");
        byte[] returned = Files.readAllBytes(folder.resolve("torch.rows"));
        List<ActivationSnapshot> ofJava = ofJava(returned);
        byte[] rows = rows(accepted);

        assertEquals(0, counts.get("dropped").asLong());
        assertEquals(0, gaps("torch"));
        assertEquals(REQUESTS, ids(accepted).size());
        assertArrayEquals(returned, rows);
        assertEquals(REQUESTS, ids(ofJava).size());
        assertArrayEquals(Sha256.of(rows(ofJava)), Sha256.of(rows));
        assertSameSketch(rows(ofJava), rows);
        Layer output = layer(accepted.get(0));
        assertEquals(LayerRole.LOGITS, output.getRole());
        assertEquals("output of Linear", output.getTap());
    }

    /** The same rows sent by the capture of Java, as they stand in the log afterwards. */
    private List<ActivationSnapshot> ofJava(byte[] rows) throws InterruptedException {
        int rowBytes = COLUMNS * Float.BYTES;
        try (SnapshotPublisher publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults().withTopicPrefix(PREFIX),
                        client,
                        new CollectorRegistry(true),
                        (sequence, capturedAt, failure) -> assertNull(failure))) {
            for (int row = 0; row < REQUESTS; row += A_SNAPSHOT) {
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < A_SNAPSHOT; i++) {
                    samples.add(WholeSample.of("r" + (row + i), null, null, 1.0));
                }
                ByteBuffer data = ByteBuffer.wrap(rows, row * rowBytes, A_SNAPSHOT * rowBytes);
                Layer layer =
                        new Layer(
                                OUTPUT,
                                0,
                                LayerRole.LOGITS,
                                A_SNAPSHOT,
                                COLUMNS,
                                ElementType.FLOAT32,
                                null,
                                data.slice(),
                                null,
                                false);
                publisher.publishBlocking(
                        new ActivationSnapshot(
                                "java",
                                "1",
                                "0a".repeat(32),
                                "java-0",
                                (long) row / A_SNAPSHOT,
                                System.currentTimeMillis() * 1000,
                                samples,
                                List.of(layer)));
            }
        }
        awaitAccepted("java", REQUESTS / A_SNAPSHOT);
        return accepted("java");
    }

    private static Layer layer(ActivationSnapshot snapshot) {
        return snapshot.getLayers().stream()
                .filter(layer -> layer.getName().equals(OUTPUT))
                .findFirst()
                .orElseThrow();
    }

    /** The bytes of the output's rows, in the order of the log. */
    private static byte[] rows(List<ActivationSnapshot> snapshots) {
        ByteBuffer rows = ByteBuffer.allocate(REQUESTS * COLUMNS * Float.BYTES);
        snapshots.forEach(each -> rows.put(layer(each).getData().duplicate()));
        return rows.array();
    }

    /** The monitor's exact sketch of either rows has the same moment, and the same bytes. */
    private static void assertSameSketch(byte[] expected, byte[] found) {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                SecondMomentSketch one = sketch(expected, kernels);
                SecondMomentSketch other = sketch(found, kernels)) {
            assertEquals(SketchKind.EXACT, one.kind());
            assertEquals(REQUESTS, one.rows());
            double[][] moments = new double[2][COLUMNS * COLUMNS];
            one.momentInto(DoubleBuffer.wrap(moments[0]));
            other.momentInto(DoubleBuffer.wrap(moments[1]));
            assertArrayEquals(moments[0], moments[1]);
            assertArrayEquals(Sha256.of(one.toBytes()), Sha256.of(other.toBytes()));
        }
    }

    private static SecondMomentSketch sketch(byte[] rows, Kernels kernels) {
        SecondMomentSketch sketch = Sketches.create(SketchOptions.defaults(), COLUMNS, kernels);
        RowBlock block = new RowBlock(A_SNAPSHOT, COLUMNS);
        ByteBuffer data = ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < REQUESTS; row += A_SNAPSHOT) {
            block.clear();
            block.append(
                    data, io.spectrawatch.spectral.tensor.ElementType.FLOAT32, row, A_SNAPSHOT);
            sketch.update(block);
        }
        return sketch;
    }

    /**
     * Of a process that is killed amid large records, every record is whole, and none is refused.
     */
    private void aKilledProcess() throws Exception {
        try (PythonTraffic endless = traffic("endless")) {
            awaitAccepted("endless", 20);
            endless.kill();
        }
        awaitQuiet("endless");
        List<ActivationSnapshot> accepted = accepted("endless");

        for (int i = 0; i < accepted.size(); i++) {
            assertEquals(i, accepted.get(i).getSequence());
            assertEquals(1_000_000, accepted.get(i).getLayers().get(0).getData().remaining());
        }
        assertEquals(0, gaps("endless"));
    }

    /** While no broker is there rows are dropped; each is a gap that ingest sees, and no wait. */
    private void anAbsentBroker() throws Exception {
        JsonNode counts;
        try (PythonTraffic outage = traffic("outage")) {
            awaitAccepted("outage", 50);
            Files.createFile(folder.resolve("away"));
            broker.stop();
            Thread.sleep(OUTAGE.toMillis());
            broker.restart();
            Files.delete(folder.resolve("away"));
            awaitAccepted("outage", (long) count("snapshots", "outage") + 100);
            Files.createFile(folder.resolve("stop"));
            counts = outage.await();
        }
        long dropped = counts.get("dropped").asLong();
        List<Long> numbers = numbersLogged("outage", counts.get("published").asInt());

        assertTrue(dropped > 0, counts::toString);
        assertEquals(0, counts.get("failed").asLong(), counts::toString);
        assertEquals(counts.get("published").asInt(), numbers.size(), counts::toString);
        long missing = numbers.get(numbers.size() - 1) + 1 - numbers.size();
        assertEquals(dropped, missing, counts::toString);
        // A record that ingest reads again after the broker came back is counted again.
        assertTrue(gaps("outage") >= dropped, gaps("outage") + " gaps, " + counts);
    }

    /** Waits until as many snapshots of a model are in the log; returns their numbers, sorted. */
    private List<Long> numbersLogged(String model, int least) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Long> numbers = List.of();
        while (numbers.size() < least && System.nanoTime() < deadline) {
            Thread.sleep(500);
            numbers =
                    committed(model).stream()
                            .map(ActivationSnapshot::getSequence)
                            .sorted()
                            .toList();
        }
        return numbers;
    }

    private PythonTraffic traffic(String scenario) throws Exception {
        return PythonTraffic.start(scenario, broker.bootstrapServers(), PREFIX, folder);
    }

    // ------------------------------------------------------------------ what ingest made of it

    /** What the log holds of a model, once it holds all that was counted: commits come later. */
    private List<ActivationSnapshot> accepted(String model) throws InterruptedException {
        double counted = count("snapshots", model);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<ActivationSnapshot> found = committed(model);
        while (found.size() < counted) {
            assertTrue(System.nanoTime() < deadline, model + ": " + found.size() + " committed");
            Thread.sleep(100);
            found = committed(model);
        }
        return found;
    }

    /** What is in the validated log of a model, capture by capture in the order of the log. */
    private List<ActivationSnapshot> committed(String model) {
        List<ActivationSnapshot> found = new ArrayList<>();
        try (TopicReader reader = TopicReader.ofLog(client, PREFIX)) {
            reader.pollToEnd();
            for (ConsumerRecord<byte[], byte[]> record : reader.records()) {
                LoggedSnapshot logged = LoggedSnapshot.of(Wire.decode(record.value()));
                if (logged != null && logged.snapshot().getModelId().equals(model)) {
                    found.add(logged.snapshot());
                }
            }
        }
        return found;
    }

    private static Map<String, List<ActivationSnapshot>> captures(List<ActivationSnapshot> all) {
        Map<String, List<ActivationSnapshot>> captures = new TreeMap<>();
        for (ActivationSnapshot each : all) {
            captures.computeIfAbsent(each.getCaptureId(), id -> new ArrayList<>()).add(each);
        }
        return captures;
    }

    private static Set<String> ids(List<ActivationSnapshot> all) {
        Set<String> ids = new HashSet<>();
        for (ActivationSnapshot each : all) {
            each.getSamples().forEach(sample -> ids.add(sample.getId()));
        }
        return ids;
    }

    private void awaitAccepted(String model, long least) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count("snapshots", model) < least) {
            assertTrue(
                    System.nanoTime() < deadline,
                    model + ": accepted " + count("snapshots", model) + " of " + least);
            Thread.sleep(100);
        }
    }

    /** Waits until nothing more of a model comes. */
    private void awaitQuiet(String model) throws InterruptedException {
        double before = -1;
        while (count("snapshots", model) != before) {
            before = count("snapshots", model);
            Thread.sleep(2000);
        }
    }

    private long gaps(String model) {
        return (long) count("gaps", model);
    }

    private double count(String what, String model) {
        Double count =
                registry.getSampleValue(
                        "spectrawatch_ingest_" + what + "_total",
                        new String[] {"model", "version"},
                        new String[] {model, "1"});
        return count == null ? 0 : count;
    }

    private double rejected() {
        return Collections.list(registry.metricFamilySamples()).stream()
                .flatMap(family -> family.samples.stream())
                .filter(sample -> sample.name.equals("spectrawatch_ingest_rejected_total"))
                .mapToDouble(sample -> sample.value)
                .sum();
    }
}
