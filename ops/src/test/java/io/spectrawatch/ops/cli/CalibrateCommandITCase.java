package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.flink.baseline.BaselineCatalogue;
import io.spectrawatch.flink.baseline.KafkaBaselines;
import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.weights.KafkaHeads;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calibration by the command on a real broker: pinned, published, activated, refused. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CalibrateCommandITCase {

    private static final String PREFIX = "cal.";
    private static final String VALIDATED = PREFIX + "validated";
    private static final int SHARDS = 2;
    private static final int SNAPSHOTS = 60;
    private static final int SAMPLES = 40;
    private static final int COLUMNS = 8;
    private static final long PANE = 10_000_000;
    private static final long START = 1_767_225_600_000_000L; // 2026-01-01T00:00:00Z

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static long[] ends = new long[SHARDS];

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void writeLog() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1, Map.of("retention.ms", "-1"));
        }
        RandomGenerator random = new SplittableRandom(Long.getLong("spectrawatch.seed"));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < SNAPSHOTS; i++) {
                long time = START + i * 1_000_000L;
                for (int shard = 0; shard < SHARDS; shard++) {
                    send(producer, shard, time, tick(shard, time));
                }
                send(producer, i % SHARDS, time, snapshot(i, time, random));
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, int shard, long time, SpecificRecord record)
            throws Exception {
        ends[shard] =
                1
                        + producer.send(
                                        new ProducerRecord<>(
                                                VALIDATED,
                                                shard,
                                                time / 1000,
                                                null,
                                                Wire.encode(record)))
                                .get()
                                .offset();
    }

    private static Tick tick(int shard, long time) {
        return Tick.newBuilder()
                .setTime(time)
                .setPaneLength(PANE)
                .setLateness(1_000_000)
                .setShard(shard)
                .setShards(SHARDS)
                .setSequence(time)
                .build();
    }

    private static ActivationSnapshot snapshot(int number, long time, RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        float[] x = new float[SAMPLES * COLUMNS];
        float[] y = new float[SAMPLES * COLUMNS];
        for (int i = 0; i < SAMPLES; i++) {
            samples.add(WholeSample.of("s" + number + "-" + i, null, null, 1.0));
            for (int j = 0; j < COLUMNS; j++) {
                x[i * COLUMNS + j] = (float) (random.nextGaussian() * Math.pow(0.6, j));
            }
            for (int j = 0; j < COLUMNS; j++) {
                double noise = 0.05 * random.nextGaussian();
                y[i * COLUMNS + j] = (float) (x[i * COLUMNS + j / 2] * Math.pow(0.8, j) + noise);
            }
        }
        return ActivationSnapshot.newBuilder()
                .setModelId("chain")
                .setModelVersion("7")
                .setModelDigest("abc")
                .setCaptureId("capture")
                .setSequence(number)
                .setCapturedAt(time)
                .setSamples(samples)
                .setLayers(List.of(layer(0, "in", x), layer(1, "out", y)))
                .build();
    }

    private static Layer layer(int index, String name, float[] values) {
        ByteBuffer data =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return Layer.newBuilder()
                .setName(name)
                .setIndex(index)
                .setRole(LayerRole.HIDDEN)
                .setRows(SAMPLES)
                .setColumns(COLUMNS)
                .setElementType(ElementType.FLOAT32)
                .setData(data)
                .build();
    }

    @Test
    void aRangeBecomesAPublishedBaselineThatIsAskedFor() throws Exception {
        JsonNode dry = report(0, offsets("--dry-run", "-D", "parallelism=0"));
        assertEquals(false, dry.get("published").asBoolean());
        assertTrue(BaselineCatalogue.read(client, PREFIX).entries().isEmpty());

        JsonNode report =
                report(0, offsets("--activate", "--effective-from", "2100-01-01T00:00:00Z"));

        String id = report.get("baselineId").asText();
        assertEquals(dry.get("baselineId").asText(), id, "at another parallelism");
        assertEquals(SNAPSHOTS, report.get("snapshots").asInt());
        // Elements nearer to their threshold than a pool resolves are left out, and it says so.
        assertEquals("PARTIAL", report.at("/interfaces/0/status").asText());
        assertEquals(4, report.at("/layers/0/windowRank").asInt());
        assertEquals(id, report.at("/activation/baselineId").asText());
        assertTrue(out.toString().contains("in->out"), out.toString());
        assertTrue(out.toString().contains("baseline " + id), out.toString());
        ModelBaseline loaded =
                ModelBaseline.fromBytes(
                        new KafkaBaselines(client, PREFIX, Duration.ofMillis(1)).load(id));
        assertEquals("chain", loaded.model());
        assertEquals(1, loaded.interfaces().size());
        BaselineCatalogue catalogue = BaselineCatalogue.read(client, PREFIX);
        assertEquals(id, catalogue.find(id).getBaselineId());
        assertEquals(0, catalogue.find(id).getCreatedFrom().get(0).getFirstOffset());
        assertEquals(id, catalogue.requests().get(0).activate().getBaselineId());
        assertShown(id, loaded);
    }

    private void assertShown(String id, ModelBaseline loaded) throws Exception {
        Path json = folder.resolve("shown.json");
        List<String> show =
                List.of(
                        "baseline",
                        "show",
                        id,
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--topic-prefix",
                        PREFIX,
                        "--json",
                        json.toString());
        assertEquals(0, run(show), err::toString);
        JsonNode shown = new ObjectMapper().readTree(Files.readString(json));
        assertEquals("in", shown.at("/contents/layers/0/name").asText());
        assertEquals(4, shown.at("/contents/layers/0/window").asInt());
        InterfaceBaseline own = loaded.interfaces().get(0).certificate();
        JsonNode each = shown.at("/contents/interfaces/0");
        assertEquals("in->out", each.get("name").asText());
        assertEquals(own.radius().value(), each.get("radius").asDouble());
        assertEquals(own.rule().theta(1), each.at("/thresholds/1").asDouble());
        assertEquals(own.pooling().rows(), each.get("poolRows").asLong());
        assertEquals(own.options().driftTolerance(), each.at("/drift/tolerance").asDouble());
        assertEquals(own.pooling().refusal(), each.at("/drift/refusal").asText());
        for (String part :
                List.of(
                        "watched in 4 directions",
                        "physical, windowed, supports by threshold: 2 groups, thresholds ",
                        "pools of ",
                        "drift test: ",
                        "spectrum test: ")) {
            assertTrue(out.toString().contains(part), out.toString());
        }
    }

    @Test
    void optionsOfCertificatesAreTakenOrRefusedByName() throws Exception {
        JsonNode ranked =
                report(
                        0,
                        offsets(
                                "--dry-run",
                                "-D",
                                "supports=rank",
                                "-D",
                                "channels.layers=out:0-5"));
        assertEquals(6, ranked.at("/layers/1/windowRank").asInt());
        assertTrue(ranked.at("/layers/1/windowShare").asDouble() < 1);
        JsonNode modes = report(0, offsets("--dry-run", "-D", "mode=source-modes"));
        assertEquals("", modes.get("refusal").asText(""));
        JsonNode refused =
                report(
                        1,
                        offsets(
                                "--dry-run",
                                "-D",
                                "mode=source-modes",
                                "-D",
                                "channels.layers=in:0-5",
                                "-D",
                                "detect.samples=0"));
        assertTrue(
                refused.get("refusal").asText().contains("its window is a choice of channels"),
                refused.get("refusal").asText());
        assertEquals(1, calibrate(offsets("--dry-run", "-D", "channels.layers=inn:0-5")));
        assertOneLineNaming("channels.layers names inn; chain has the layers in, out");
    }

    @Test
    void aRangeOfTimeIsPinnedByOffsets() throws Exception {
        String from = Instant.ofEpochSecond(START / 1_000_000).toString();
        String to = Instant.ofEpochSecond(START / 1_000_000 + 10).toString();
        JsonNode report = report(1, "--dry-run", "--from", from, "--to", to);
        assertEquals(10, report.get("snapshots").asInt());
        assertEquals("0:0,1:0", report.get("startOffsets").asText());
        assertTrue(
                report.get("refusal").asText().contains("too few rows for a window"),
                report.get("refusal").asText());
    }

    /** Snapshots of another file: refused in one line before anything is published. */
    @Test
    void theHeadOfAnotherFileIsRefusedAndLeavesNothingBehind() throws Exception {
        Path file = Path.of("examples", "mnist", "mnist.onnx");
        String digest = BlobFormat.hash(Files.readAllBytes(file));
        assertEquals(
                1, calibrate(offsets("--model-version", "7", "--model-file", file.toString())));
        assertOneLineNaming(file + " has the digest " + digest);
        assertTrue(err.toString().contains("nothing was published"), err.toString());
        assertTrue(
                KafkaHeads.entries(client, PREFIX).isEmpty(),
                "a head of another file must not stand in the way of later calibrations");
        assertEquals(SNAPSHOTS, report(0, offsets()).get("snapshots").asInt());
    }

    @Test
    void whatTheLogDoesNotHoldIsNamed() throws Exception {
        assertEquals(1, calibrate(offsets("--model", "other")));
        assertOneLineNaming("no snapshot of other in the range; found chain version 7");

        long beyond = ends[1] + 5;
        String range = "0:" + ends[0] + ",1:" + beyond;
        assertEquals(1, calibrate("--from-offsets", "0:0,1:0", "--to-offsets", range));
        assertOneLineNaming("shard 1: the log ends at offset " + ends[1]);

        String gone = "gone.";
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, gone).create(SHARDS, (short) 1);
            TopicPartition shard = new TopicPartition(gone + "validated", 0);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(
                            client, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int i = 0; i < 4; i++) {
                    producer.send(new ProducerRecord<>(shard.topic(), 0, null, new byte[] {1}))
                            .get();
                }
            }
            admin.deleteRecords(Map.of(shard, RecordsToDelete.beforeOffset(3))).all().get();
        }
        int code =
                calibrate(
                        "--topic-prefix",
                        gone,
                        "--from-offsets",
                        "0:1,1:0",
                        "--to-offsets",
                        "0:4,1:0");
        assertEquals(1, code);
        assertOneLineNaming("shard 0: offset 1 is no longer retained, the log begins at 3");
    }

    private static String[] offsets(String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--from-offsets");
        arguments.add("0:0,1:0");
        arguments.add("--to-offsets");
        arguments.add("0:" + ends[0] + ",1:" + ends[1]);
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private JsonNode report(int code, String... more) throws Exception {
        Path json = folder.resolve("report.json");
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--json", json.toString()));
        assertEquals(code, calibrate(arguments.toArray(String[]::new)), err::toString);
        return new ObjectMapper().readTree(Files.readString(json));
    }

    private int calibrate(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "calibrate",
                                "--bootstrap-server",
                                broker.bootstrapServers(),
                                "--window-rank",
                                "4",
                                "--groups",
                                "2",
                                "-D",
                                "minimum.rows=200",
                                "-D",
                                "pool.rows=200",
                                "-D",
                                "kernels=host"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--model")) {
            arguments.addAll(List.of("--model", "chain"));
        }
        if (!arguments.contains("--topic-prefix")) {
            arguments.addAll(List.of("--topic-prefix", PREFIX));
        }
        return run(arguments);
    }

    private int run(List<String> arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.execute(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments.toArray(String[]::new));
    }

    private void assertOneLineNaming(String named) {
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains(named), err::toString);
    }
}
