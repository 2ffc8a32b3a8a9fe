package io.spectrawatch.ops.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.weights.HeadPublisher;
import io.spectrawatch.flink.weights.KafkaHeads;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.ModelChunk;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.onnx.OnnxHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
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

/** Heads on a real broker: published, loaded, replaced, damaged, taken back. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class HeadsITCase {

    private static final Duration SOON = Duration.ofMillis(1);
    private static final String MODELS = Topics.MODELS.topicName(Topics.DEFAULT_PREFIX);

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, Topics.DEFAULT_PREFIX).create(1, (short) 1, Map.of());
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaHeads heads() {
        return new KafkaHeads(client, Topics.DEFAULT_PREFIX, SOON);
    }

    private static ModelEntry publish(ModelKey model, float[] weights, float[] bias)
            throws Exception {
        return new HeadPublisher(client, Topics.DEFAULT_PREFIX).publish(model, weights, bias);
    }

    private static float[] drawn(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void theHeadOfTheExampleComesFromItsFile() throws Exception {
        Path path = Path.of("examples", "mnist", "mnist.onnx");
        byte[] onnx = Files.readAllBytes(path);
        HeadFile file = HeadFile.read(path, null);
        assertEquals("embedding (64) -> logits (10)", file.describe());
        ModelEntry entry = file.publish("mnist", "1", client, Topics.DEFAULT_PREFIX);
        ModelKey key = new ModelKey("mnist", "1", entry.getModelDigest());
        Head head = heads().load(key).orElseThrow();
        OnnxHead expected = OnnxHead.read(onnx, "logits");
        assertEquals(Head.of(expected.weights(), expected.bias()).dimension(), head.dimension());
        assertArrayEquals(Head.of(expected.weights(), expected.bias()).weights(), head.weights());
        assertArrayEquals(Head.of(expected.weights(), expected.bias()).bias(), head.bias());
    }

    /** A shared blob stays for the other; what nobody has published is not removed. */
    @Test
    void aRemovedHeadIsGoneAndAnotherCanBePublished() throws Exception {
        ModelKey model = new ModelKey("removed", "1", "ab");
        ModelKey twin = new ModelKey("twin", "1", "cd");
        float[] weights = drawn(30, 5);
        float[] bias = drawn(3, 6);
        String digest = publish(model, weights, bias).getDigest();
        publish(twin, weights, bias);
        assertEquals(
                digest,
                HeadPublisher.remove("removed", "1", client, Topics.DEFAULT_PREFIX)
                        .orElseThrow()
                        .getDigest());
        assertTrue(heads().load(model).isEmpty());
        assertEquals(weights[7], heads().load(twin).orElseThrow().weights()[7]);
        assertEquals(digest, HeadPublisher.digest(heads().load(twin).orElseThrow()));
        assertTrue(HeadPublisher.remove("removed", "1", client, Topics.DEFAULT_PREFIX).isEmpty());
        ModelKey mended = new ModelKey("removed", "1", "ef");
        publish(mended, drawn(30, 7), bias);
        assertEquals(3, heads().load(mended).orElseThrow().bias().length);
    }

    /** Two pieces; the newest of a model and version counts. */
    @Test
    void aHeadIsReplacedAndTakenBack() throws Exception {
        ModelKey model = new ModelKey("a/b", "1", "ab");
        assertTrue(heads().load(model).isEmpty());
        float[] weights = drawn(300_000, 1);
        assertEquals(2, publish(model, weights, drawn(10, 2)).getChunks());
        assertEquals(weights[7], heads().load(model).orElseThrow().weights()[7]);

        publish(model, drawn(30, 3), drawn(3, 4));
        assertEquals(3, heads().load(model).orElseThrow().bias().length);
        BlobException other =
                assertThrows(
                        BlobException.class, () -> heads().load(new ModelKey("a/b", "1", "cd")));
        assertTrue(other.getMessage().contains("the snapshots are of a/b 1 with digest cd"));

        send(Topics.key("a/b", "1", "entry"), null);
        assertTrue(heads().load(model).isEmpty());
    }

    @Test
    void aDamagedHeadIsRefused() throws Exception {
        ModelKey model = new ModelKey("damaged", "1", "ab");
        ModelEntry entry = publish(model, drawn(30, 5), drawn(3, 6));
        ModelChunk forged =
                new ModelChunk(entry.getDigest(), 0, 1, ByteBuffer.allocate(33 * Float.BYTES));
        send(Topics.key(entry.getDigest(), "chunk", "0"), Wire.encode(forged));
        BlobException e = assertThrows(BlobException.class, () -> heads().load(model));
        assertEquals(Reason.CORRUPT, e.reason());
        assertTrue(e.getMessage().contains("is damaged"), e.getMessage());

        publish(model, drawn(30, 5), drawn(3, 6));
        assertEquals(3, heads().load(model).orElseThrow().bias().length);
    }

    private static void send(String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(MODELS, bytes, value)).get();
        }
    }
}
