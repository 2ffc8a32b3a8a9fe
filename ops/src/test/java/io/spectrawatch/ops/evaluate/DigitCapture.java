package io.spectrawatch.ops.evaluate;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs a model of handwritten digits over digits and publishes its layers, as a deployment does.
 */
final class DigitCapture implements AutoCloseable {

    static final Path EXAMPLE = Path.of("examples", "mnist");

    static final int PIXELS = 784;

    /** As many as an evaluation on files feeds at once, so that the model sums alike. */
    static final int BATCH = 64;

    private final ModelTap tap;
    private final SnapshotPublisher publisher;
    private final CaptureSession session;
    private final long capturedAt;

    DigitCapture(
            Path model,
            String id,
            List<TappedOutput> taps,
            Map<String, Object> client,
            long capturedAt)
            throws Exception {
        this.tap = ModelTap.open(Files.readAllBytes(model), taps, 1);
        this.publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults(),
                        client,
                        new CollectorRegistry(),
                        (sequence, time, problem) -> {
                            if (problem != null) {
                                throw new IllegalStateException(problem);
                            }
                        });
        CaptureSettings settings = CaptureSettings.defaults(id, "1").withCaptureId("one");
        this.session = CaptureSession.ofArrays(tap, publisher, settings);
        this.capturedAt = capturedAt;
    }

    /** The first digits of a file beside the example model. */
    static float[] digits(String file, int count) throws Exception {
        float[] all = NpyFile.read(EXAMPLE.resolve(file + ".npz")).values();
        return Arrays.copyOf(all, count * PIXELS);
    }

    /** Publishes digits as samples whose ids are their name and number. */
    void publish(String name, float[] pixels, String sender) throws Exception {
        for (int from = 0; from < pixels.length / PIXELS; from += BATCH) {
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                samples.add(WholeSample.of(name + "/" + (from + i), sender, null, 1.0));
            }
            float[] own = Arrays.copyOfRange(pixels, from * PIXELS, (from + BATCH) * PIXELS);
            NpyArray input = new NpyArray(new int[] {BATCH, 1, 28, 28}, own);
            session.captureBlocking(samples, Map.of("pixels", input), capturedAt);
        }
    }

    @Override
    public void close() {
        try (tap) {
            publisher.close();
        }
    }
}
