package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on recorded snapshots of the example model, on a real broker. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RecordedEvaluationITCase {

    private static final String LAYERS = "block1,embedding";
    private static final int SHARDS = 2;
    private static final int BATCH = DigitCapture.BATCH;
    private static final int REFERENCE = 12 * BATCH;
    private static final int OTHERS = 2 * BATCH;

    /** Log times of the validated topic: the copies of a file follow each other by the second. */
    private static final long START = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void record() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, Topics.DEFAULT_PREFIX)
                    .create(SHARDS, (short) 1, Map.of("retention.ms", "-1"));
        }
        capture();
        validate();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void capture() throws Exception {
        List<TappedOutput> taps =
                List.of(
                        new TappedOutput("block1", LayerRole.HIDDEN),
                        new TappedOutput("embedding", LayerRole.EMBEDDING),
                        new TappedOutput("logits", LayerRole.LOGITS));
        Path model = DigitCapture.EXAMPLE.resolve("mnist.onnx");
        try (DigitCapture capture = new DigitCapture(model, "mnist", taps, client, START * 1000)) {
            capture.publish("reference", DigitCapture.digits("reference", REFERENCE), null);
            capture.publish("clean", DigitCapture.digits("clean", OTHERS), "alice");
            capture.publish("pgd-0.3", DigitCapture.digits("pgd-0.3", OTHERS), "mallory");
        }
    }

    /** Copies the snapshots into the validated topic, a second each, between ticks. */
    private static void validate() throws Exception {
        long[] time = {START};
        String validated = Topics.VALIDATED.topicName(Topics.DEFAULT_PREFIX);
        try (TopicRange topic =
                        new TopicRange(
                                client, Topics.ACTIVATIONS.topicName(Topics.DEFAULT_PREFIX));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int p = 0; p < SHARDS; p++) {
                topic.read(
                        p,
                        topic.beginning(p),
                        topic.end(p),
                        record -> {
                            byte[] tick = Wire.encode(tick(record.partition(), time[0] * 1000));
                            for (byte[] value : List.of(tick, record.value())) {
                                producer.send(
                                        new ProducerRecord<>(
                                                validated,
                                                record.partition(),
                                                time[0],
                                                record.key(),
                                                value));
                            }
                            time[0] += 1000;
                        });
            }
            producer.send(new ProducerRecord<>(validated, 0, time[0], null, new byte[] {1}));
            producer.flush();
        }
        assertEquals(START + 1000 * (REFERENCE + 2 * OTHERS) / BATCH, time[0]);
    }

    private static Tick tick(int shard, long micros) {
        return Tick.newBuilder()
                .setTime(micros)
                .setPaneLength(1_000_000)
                .setLateness(0)
                .setShard(shard)
                .setShards(SHARDS)
                .setSequence(micros)
                .build();
    }

    private static String times(int fromSnapshot, int toSnapshot) {
        return Instant.ofEpochMilli(START + 1000L * fromSnapshot)
                + ".."
                + Instant.ofEpochMilli(START + 1000L * toSnapshot);
    }

    @Test
    void recordedSnapshotsGiveWhatFilesGive() throws Exception {
        Path files = folder.resolve("files.json");
        Path reference = npy("reference", REFERENCE);
        Path clean = npy("clean", OTHERS);
        Path attacked = npy("pgd-0.3", OTHERS);
        int code =
                run(
                        "evaluate",
                        "--model",
                        DigitCapture.EXAMPLE.resolve("mnist.onnx").toString(),
                        "--reference",
                        reference.toString(),
                        "--clean",
                        clean.toString(),
                        "--attacked",
                        attacked.toString(),
                        "--layers",
                        LAYERS,
                        // Capture pools feature maps unless told otherwise.
                        "--pool",
                        "--json",
                        files.toString());
        assertEquals(0, code, err.toString());
        JsonNode expected = new ObjectMapper().readTree(files.toFile());

        JsonNode byId =
                report("activations", "id:reference/", "id:clean/", "pgd-0.3=client:mallory");
        sameNumbers(expected, byId);
        assertEquals(0, byId.at("/recorded/leftOut").asInt());

        int first = REFERENCE / BATCH;
        JsonNode byTime =
                report(
                        "validated",
                        times(0, first),
                        times(first, first + 4) + ",id:",
                        "pgd-0.3=" + times(first + 2, first + 4));
        sameNumbers(expected, byTime);
        assertEquals("spectrawatch.validated", byTime.at("/recorded/topic").asText());
        assertEquals("mnist", byTime.at("/recorded/model").asText());
    }

    private static void sameNumbers(JsonNode expected, JsonNode found) {
        // The head's weights are in the model's file, not in its snapshots.
        for (String score : List.of("vim", "head-consistency")) {
            ((ObjectNode) expected.get("scores")).remove(score);
            ((ObjectNode) found.get("scores")).remove(score);
        }
        for (String part : List.of("combined", "scores", "weights", "combinedMean")) {
            assertEquals(expected.get(part), found.get(part));
        }
        assertEquals(expected.get("referenceSamples"), found.get("referenceSamples"));
        assertEquals(expected.get("cleanSamples"), found.get("cleanSamples"));
    }

    private static Path npy(String name, int count) throws Exception {
        return NpyWriter.write(
                folder.resolve(name + ".npy"), count, DigitCapture.digits(name, count));
    }

    private JsonNode report(String topic, String reference, String clean, String attacked)
            throws Exception {
        Path json = folder.resolve("topic.json");
        int code =
                run(topicArguments(topic, reference, clean, attacked, "--json", json.toString()));
        assertEquals(0, code, err.toString());
        return new ObjectMapper().readTree(json.toFile());
    }

    private static String[] topicArguments(
            String topic, String reference, String clean, String attacked, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "evaluate",
                                "--bootstrap-server",
                                broker.bootstrapServers(),
                                "--topic",
                                topic,
                                "--reference",
                                reference,
                                "--clean",
                                clean,
                                "--attacked",
                                attacked));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @Test
    void whatTheTopicDoesNotHoldIsNamed() {
        String all = "..";
        refused("the topic nowhere does not exist", "nowhere", all, all, all);
        refused("--reference: no recorded sample is selected", "id:nobody", "id:clean/", "id:pgd");
        refused(
                "sample 'clean/0' is selected by --reference and by --clean",
                "id:clean/",
                "id:clean/",
                "id:pgd");
        refused(
                "--attacked x: no recorded sample is selected",
                "id:reference/",
                "id:clean/",
                "x=client:eve");
        refused("reference: at least 600 samples required", "id:clean/", "id:reference/", "id:pgd");
        refused(
                "no layer 'block9' in a snapshot; found [block1, embedding, logits]",
                "validated",
                "id:reference/",
                "id:clean/",
                "id:pgd",
                "--layers",
                "block9");
        refused(
                "--reference: no recorded sample is selected",
                "validated",
                all,
                "id:clean/",
                "id:pgd",
                "--model-version",
                "2");
    }

    @Test
    void whatDoesNotGoTogetherIsWrongUsage() {
        assertEquals(2, run(topicArguments("validated", "yesterday", "..", "..")));
        assertTrue(err.toString().contains("found 'yesterday'"), err.toString());
        assertEquals(2, run(topicArguments("validated", "..", "..", "..", "--pool")));
        assertTrue(err.toString().contains("not for --topic"), err.toString());
        String[] files = {
            "evaluate", "--reference", "r.npy", "--clean", "c.npy", "--attacked", "a.npy"
        };
        assertEquals(2, run(files));
        assertTrue(err.toString().contains("'--model=FILE', or '--topic=NAME'"), err.toString());
    }

    private void refused(String part, String reference, String clean, String attacked) {
        refused(part, "validated", reference, clean, attacked);
    }

    private void refused(
            String part,
            String topic,
            String reference,
            String clean,
            String attacked,
            String... more) {
        int code = run(topicArguments(topic, reference, clean, attacked, more));
        assertEquals(1, code, err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(part), err.toString());
    }
}
