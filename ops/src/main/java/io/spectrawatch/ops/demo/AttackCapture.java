package io.spectrawatch.ops.demo;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.NpyArray;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.RowSelection;
import io.spectrawatch.ingest.capture.RowSelection.FeatureMaps;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.capture.Tap;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.evaluate.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the example model over digits, clean and attacked ones, and publishes its layers. */
final class AttackCapture implements AutoCloseable {

    static final String MODEL_ID = "mnist";
    static final String MODEL_VERSION = "1";

    /** Who sends the attacked digits. */
    static final String ATTACKER = "mallory";

    /** Begins the ids of attacked samples. */
    static final String ATTACKED = "attacked-";

    static final int SAMPLES = 8;

    private static final String INPUT = "pixels";
    private static final int CLIENTS = 20;

    /** Where in the picture something is odd is lost in the means of the maps. */
    private static final FeatureMaps FEATURE_MAPS = FeatureMaps.FLATTEN;

    private static final List<Tap> TAPS =
            List.of(
                    new Tap("block0", LayerRole.HIDDEN),
                    new Tap("block1", LayerRole.HIDDEN),
                    new Tap("embedding", LayerRole.EMBEDDING),
                    new Tap("logits", LayerRole.LOGITS));

    private final DemoClock clock;
    private final Path example;
    private final byte[] model;
    private final ModelTap tap;
    private final SnapshotPublisher publisher;
    private final List<CaptureSession> sessions = new ArrayList<>();
    private final Map<String, Digits> files = new HashMap<>();
    private volatile Exception failure;
    private long published;

    /** One file of digits, read in turn from its beginning. */
    private static final class Digits {
        private final float[] pixels;
        private final int size;
        private final int count;
        private int next;

        Digits(Path file) throws IOException {
            io.spectrawatch.spectral.evaluate.NpyArray array = NpyFile.read(file);
            this.pixels = array.values();
            this.size = array.rowSize();
            this.count = array.rows();
        }

        /** Copies the next digit and returns its number, counted on over repetitions. */
        int take(float[] into, int at) {
            System.arraycopy(pixels, next % count * size, into, at * size, size);
            return next++;
        }
    }

    /**
     * @param example folder of the example model
     * @throws IOException if it cannot be read
     */
    AttackCapture(
            Path example, DemoClock clock, Map<String, Object> client, CollectorRegistry registry)
            throws IOException {
        this.example = example;
        this.clock = clock;
        this.model = Files.readAllBytes(example.resolve("mnist.onnx"));
        this.tap = ModelTap.open(model, TAPS, Runtime.getRuntime().availableProcessors());
        this.publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults(), client, registry, this::acknowledged);
        CaptureSettings settings =
                CaptureSettings.defaults(MODEL_ID, MODEL_VERSION)
                        .withRows(RowSelection.defaults().withFeatureMaps(FEATURE_MAPS));
        for (int shard = 0; shard < DemoStack.SHARDS; shard++) {
            String id = ShardCaptures.captureIdOf(shard, "digits");
            sessions.add(CaptureSession.ofArrays(tap, publisher, settings.withCaptureId(id)));
        }
    }

    static List<String> layers() {
        return TAPS.stream().map(Tap::tensor).toList();
    }

    /** Runs and publishes one snapshot; waits when the broker is behind. */
    void capture(AttackStep step, int number) throws IOException, InterruptedException {
        if (failure != null) {
            throw new IllegalStateException("a snapshot could not be published", failure);
        }
        String clean = step == AttackStep.REFERENCE ? "reference" : "clean";
        int size = digits(clean).size;
        float[] pixels = new float[SAMPLES * size];
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            int sample = number * SAMPLES + i;
            boolean attacked = !step.attacks().isEmpty() && i % 2 == 1;
            String file = attacked ? step.attacks().get(sample / 2 % step.attacks().size()) : clean;
            int taken = digits(file).take(pixels, i);
            String id = (attacked ? ATTACKED : "") + file + "-" + taken;
            String client = attacked ? ATTACKER : "client-" + sample % CLIENTS;
            samples.add(new Sample(id, client, null, 1.0));
        }
        NpyArray input = new NpyArray(new long[] {SAMPLES, 1, 28, 28}, pixels);
        published +=
                sessions.get(number % sessions.size())
                        .captureBlocking(samples, Map.of(INPUT, input), clock.timeOf(number))
                        .snapshots();
    }

    private Digits digits(String name) throws IOException {
        Digits known = files.get(name);
        if (known == null) {
            known = new Digits(example.resolve(name + ".npz"));
            files.put(name, known);
        }
        return known;
    }

    /** The model's file. */
    byte[] model() {
        return model;
    }

    /** Snapshots handed over so far. */
    long published() {
        return published;
    }

    PublisherCounts counts() {
        return publisher.counts();
    }

    private void acknowledged(long sequence, long capturedAt, Exception problem) {
        if (problem != null) {
            failure = problem;
        } else {
            clock.acknowledged(clock.snapshotAt(capturedAt));
        }
    }

    @Override
    public void close() {
        try (tap;
                publisher) {
            sessions.clear();
        }
    }
}
