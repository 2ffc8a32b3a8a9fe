package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxWeights;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example whose gain is bounded by construction: what it claims, and that it is monitored. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SvdNetITCase {

    private static final Path MODEL = Path.of("examples", "svdnet", "svdnet.onnx");
    private static final int CLASSES = 10;
    private static final double DELTA = 0.1;

    /** The bound that the example's page claims, of (logits - b)/x with x in [-1, 1]. */
    private static final double CLAIMED = 1.2183;

    /** Sums of 784 fp32 terms of one sign or two. */
    private static final double FP32 = 1e-5;

    private static final int REFERENCE = 12 * DigitCapture.BATCH;
    private static final int OTHERS = 2 * DigitCapture.BATCH;

    @TempDir private Path folder;

    @Test
    void theLastLayerHoldsTheSingularValues() throws Exception {
        OnnxWeights weights = OnnxWeights.parse(Files.readAllBytes(MODEL));
        float[] last = weights.values("frozen");
        int columns = CLASSES + DigitCapture.PIXELS;
        assertEquals(List.of((long) CLASSES, (long) columns), weights.shape("frozen"));
        double largest = 0;
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j <= Math.min(i, CLASSES - 1); j++) {
                double inner = 0;
                for (int row = 0; row < CLASSES; row++) {
                    inner += (double) last[row * columns + i] * last[row * columns + j];
                }
                if (i == j) {
                    largest = Math.max(largest, Math.sqrt(inner));
                } else {
                    assertEquals(0, inner, FP32, "columns " + i + " and " + j);
                }
            }
        }
        assertEquals(CLAIMED, largest * Math.sqrt(1 - DELTA * DELTA), 5e-5);
    }

    @Test
    void noInputExceedsTheBoundAndTheLiftKeepsNormAndInput() throws Exception {
        Random random = new Random(20260101);
        try (FeatureExtractor model =
                FeatureExtractor.open(
                        Files.readAllBytes(MODEL), List.of("x", "h", "v"), "logits", false)) {
            check(model, DigitCapture.digits("clean", 400));
            check(model, DigitCapture.digits("pgd-0.3", 400));
            check(model, DigitCapture.digits("cw-l2", 400));
            for (float scale : new float[] {1, 255, 1e4f}) {
                float[] noise = new float[100 * DigitCapture.PIXELS];
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = scale * (float) random.nextGaussian();
                }
                check(model, noise);
            }
            // Climbs towards larger gains: the bound is about all inputs, not about usual ones.
            float[] pixels = DigitCapture.digits("clean", DigitCapture.BATCH);
            double[] gains = check(model, pixels);
            double start = gains[0];
            for (int step = 0; step < 60; step++) {
                float[] moved = pixels.clone();
                for (int i = 0; i < moved.length; i++) {
                    moved[i] += 16 * (float) random.nextGaussian();
                }
                double[] next = check(model, moved);
                for (int n = 0; n < gains.length; n++) {
                    if (next[n] > gains[n]) {
                        gains[n] = next[n];
                        System.arraycopy(
                                moved,
                                n * DigitCapture.PIXELS,
                                pixels,
                                n * DigitCapture.PIXELS,
                                DigitCapture.PIXELS);
                    }
                }
            }
            assertTrue(gains[0] > start);
        }
    }

    /** Checks the bound and the identities of the lift; returns the gains. */
    private static double[] check(FeatureExtractor model, float[] pixels) throws Exception {
        int rows = pixels.length / DigitCapture.PIXELS;
        Activations found =
                model.run(new NpyArray(new int[] {rows, DigitCapture.PIXELS}, pixels), "digits");
        float[] offset = OnnxWeights.parse(Files.readAllBytes(MODEL)).values("offset");
        double[] gains = new double[rows];
        for (int n = 0; n < rows; n++) {
            double x = norm(found.values(0), n * DigitCapture.PIXELS, DigitCapture.PIXELS, null);
            double h = norm(found.values(1), n * CLASSES, CLASSES, null);
            int columns = CLASSES + DigitCapture.PIXELS;
            double v = norm(found.values(2), n * columns, columns, null);
            double tail = norm(found.values(2), n * columns + CLASSES, DigitCapture.PIXELS, null);
            gains[n] = norm(found.values(3), n * CLASSES, CLASSES, offset) / x;
            assertTrue(gains[n] <= CLAIMED * (1 + FP32), "gain " + gains[n]);
            assertTrue(h * h <= (1 - DELTA * DELTA) * x * x * (1 + FP32), "load of row " + n);
            assertEquals(1, v / x, FP32, "norm of the lift of row " + n);
            for (int i = 0; i < DigitCapture.PIXELS; i++) {
                double again = v * found.values(2)[n * columns + CLASSES + i] / tail;
                assertEquals(found.values(0)[n * DigitCapture.PIXELS + i], again, 10 * FP32 * x);
            }
        }
        return gains;
    }

    private static double norm(float[] values, int at, int count, float[] origin) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double value = values[at + i] - (origin == null ? 0 : origin[i]);
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void itIsCapturedSketchedAndJudgedLikeAnyModel() throws Exception {
        List<TappedOutput> taps =
                List.of(
                        new TappedOutput("hidden0", LayerRole.HIDDEN),
                        new TappedOutput("hidden1", LayerRole.HIDDEN),
                        new TappedOutput("h", LayerRole.EMBEDDING),
                        new TappedOutput("logits", LayerRole.LOGITS));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, Topics.DEFAULT_PREFIX).create(1, (short) 1);
            }
            try (DigitCapture capture =
                    new DigitCapture(
                            MODEL, "svdnet", taps, client, System.currentTimeMillis() * 1000)) {
                capture.publish("reference", DigitCapture.digits("reference", REFERENCE), null);
                capture.publish("clean", DigitCapture.digits("clean", OTHERS), null);
                capture.publish("inverted", inverted(), null);
            }
            assertSketched(client);
            JsonNode report = evaluate(broker.bootstrapServers());
            double area = report.at("/combined/inverted/auroc").asDouble();
            assertTrue(area > 0.95, "AUROC " + area);
            assertEquals("svdnet", report.at("/recorded/model").asText());
        }
    }

    private static float[] inverted() throws Exception {
        float[] pixels = DigitCapture.digits("clean", OTHERS);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 255 - pixels[i];
        }
        return pixels;
    }

    /** The sketch of h has ten directions, and the trace that h has. */
    private static void assertSketched(Map<String, Object> client) throws Exception {
        try (TopicRange topic =
                        new TopicRange(
                                client, Topics.ACTIVATIONS.topicName(Topics.DEFAULT_PREFIX));
                Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                SecondMomentSketch sketch =
                        Sketches.create(SketchOptions.defaults(), CLASSES, kernels)) {
            RowBlock block = new RowBlock(DigitCapture.BATCH, CLASSES);
            topic.read(
                    0,
                    topic.beginning(0),
                    topic.end(0),
                    record -> {
                        ActivationSnapshot snapshot =
                                Wire.decode(record.value(), ActivationSnapshot.class);
                        Layer h = snapshot.getLayers().get(2);
                        assertEquals("h", h.getName());
                        block.clear();
                        block.append(h.getData(), ElementType.FLOAT32, 0, h.getRows());
                        sketch.update(block);
                    });
            assertEquals(REFERENCE + 2 * OTHERS, sketch.rows());
            double[] spectrum = sketch.spectrum(0).eigenvalues();
            double trace = 0;
            for (double value : spectrum) {
                trace += value;
            }
            assertEquals(CLASSES, spectrum.length);
            assertEquals(sketch.energy(), trace, 1e-9 * trace);
        }
    }

    private JsonNode evaluate(String brokers) throws Exception {
        Path json = folder.resolve("svdnet.json");
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err, true),
                        "evaluate",
                        "--bootstrap-server",
                        brokers,
                        "--topic",
                        "activations",
                        "--reference",
                        "id:reference/",
                        "--clean",
                        "id:clean/",
                        "--attacked",
                        "inverted=id:inverted/",
                        "--json",
                        json.toString());
        assertEquals(0, code, err.toString());
        return new ObjectMapper().readTree(json.toFile());
    }
}
