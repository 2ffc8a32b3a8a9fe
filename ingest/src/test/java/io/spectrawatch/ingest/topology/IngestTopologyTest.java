package io.spectrawatch.ingest.topology;

import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.ReadPositions;
import io.spectrawatch.ingest.clock.ShardEnd;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.StreamsProperties;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph with the settings of production, on Kafka's test driver (one shard). */
class IngestTopologyTest {

    @TempDir private Path folder;
    private final FakeClock clock = new FakeClock();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> activations;
    private TestInputTopic<byte[], byte[]> activation;
    private TestOutputTopic<byte[], byte[]> validated;
    private TestOutputTopic<byte[], byte[]> rejected;
    private TestOutputTopic<byte[], byte[]> layers;

    @BeforeEach
    void open() {
        IngestConfig config = IngestConfig.fromMap(Map.of("state.dir", folder.toString()));
        Topology topology =
                IngestTopology.build(
                        config,
                        clock,
                        shard -> CompletableFuture.completedFuture(new ShardEnd(0, -1, 0, 0)),
                        new ReadPositions(),
                        new FakeRegister(10, 10),
                        1,
                        new IngestMetrics(new CollectorRegistry(), 10));
        Properties properties =
                StreamsProperties.of(config, Map.of("bootstrap.servers", "localhost:1"));
        driver = new TopologyTestDriver(topology, properties, Instant.EPOCH);
        activations = input("activations");
        activation = input("activation");
        validated = output("validated");
        rejected = output("rejected");
        layers = output("layers");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void goodSnapshotsPassUnchangedAndBadOnesGoAside() {
        byte[] key = utf8(Snapshots.CAPTURE);
        byte[] good = Snapshots.bytes(valid());
        activations.pipeInput(key, good, 1000);
        activations.pipeInput(key, good, 1000);
        activations.pipeInput(null, good, 1000);
        activations.pipeInput(new TestRecord<>(key, (byte[]) null, Instant.ofEpochMilli(1000)));

        List<TestRecord<byte[], byte[]>> log = validated.readRecordsToList();
        assertInstanceOf(Tick.class, Wire.decode(log.get(0).value()));
        assertArrayEquals(good, log.get(1).value());
        assertArrayEquals(key, log.get(1).key());
        assertEquals(
                List.of("DUPLICATE", "NO_KEY", "UNDECODABLE"),
                rejected.readRecordsToList().stream().map(IngestTopologyTest::reason).toList());
        assertEquals(2, layers.getQueueSize());
    }

    @Test
    void partsPassInTheirOrderAndOthersGoAside() {
        byte[] key = utf8(Snapshots.CAPTURE);
        int sent = 0;
        for (int part : new int[] {0, 1, 1, 2, 3}) {
            Sample sample = Snapshots.part("a", part, part == 2).build();
            activations.pipeInput(key, Snapshots.bytes(Snapshots.parts(sent++, sample)), 1000);
        }

        List<Integer> accepted =
                validated.readValuesToList().stream()
                        .map(Wire::decode)
                        .filter(ActivationSnapshot.class::isInstance)
                        .map(record -> ((ActivationSnapshot) record).getSamples().get(0).getPart())
                        .toList();
        assertEquals(List.of(0, 1, 2), accepted);
        assertEquals(
                List.of("PART_ORDER", "PART_ORDER"),
                rejected.readRecordsToList().stream().map(IngestTopologyTest::reason).toList());
    }

    @Test
    void anIdleShardTicksByTheWallClock() {
        for (int second = 1; second <= 5; second++) {
            clock.now = second * 1_000_000L;
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }

        List<Long> times =
                validated.readValuesToList().stream()
                        .map(value -> Wire.decode(value, Tick.class).getTime())
                        .toList();
        assertEquals(List.of(0L, 1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L), times);
    }

    @Test
    void activationsReachTheShard() {
        Activate requested = new Activate("m", "1", "sha256:a", 60_000_000L, "alice", null);
        activation.pipeInput(utf8("m/1"), Wire.encode(requested));
        activations.pipeInput(utf8(Snapshots.CAPTURE), Snapshots.bytes(valid()), 1000);

        List<SpecificRecord> log = validated.readValuesToList().stream().map(Wire::decode).toList();
        assertEquals(requested, log.get(0));
        assertInstanceOf(Tick.class, log.get(1));
        assertInstanceOf(ActivationSnapshot.class, log.get(2));
    }

    @Test
    void stampsThatNoClockGivesDoNotStopTheStream() {
        byte[] key = utf8(Snapshots.CAPTURE);
        activations.pipeInput(key, Snapshots.bytes(valid()), 0);
        activations.pipeInput(key, Snapshots.bytes(valid().setSequence(1)), Long.MAX_VALUE);

        assertTrue(rejected.isEmpty());
        assertFalse(validated.isEmpty());
    }

    @Test
    void storesAreInMemory() {
        assertEquals(
                5,
                driver.getAllStateStores().values().stream().filter(s -> !s.persistent()).count());
        assertEquals(5, driver.getAllStateStores().size());
    }

    private static String reason(TestRecord<byte[], byte[]> letter) {
        return new String(
                letter.headers().lastHeader("spectrawatch.reason").value(), StandardCharsets.UTF_8);
    }

    private TestInputTopic<byte[], byte[]> input(String name) {
        return driver.createInputTopic(
                "spectrawatch." + name, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private TestOutputTopic<byte[], byte[]> output(String name) {
        return driver.createOutputTopic(
                "spectrawatch." + name, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
