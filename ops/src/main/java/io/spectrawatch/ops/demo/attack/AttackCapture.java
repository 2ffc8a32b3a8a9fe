package io.spectrawatch.ops.demo.attack;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.RowSelection;
import io.spectrawatch.ingest.capture.RowSelection.FeatureMaps;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoPublisher;
import io.spectrawatch.ops.demo.stack.DemoRequest;
import io.spectrawatch.ops.demo.stack.DemoStack;
import io.spectrawatch.ops.demo.stack.ShardCaptures;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** Begins the ids of clean samples that chance has moved a little. */
    static final String MOVED = "moved-";

    static final int SAMPLES = 8;

    private static final String INPUT = "pixels";
    private static final int CLIENTS = 20;
    private static final String ROUTE = "/v1/digits";

    /** Requests of all clients from one session of each to the next. */
    private static final int SESSION = 400;

    /** Where in the picture something is odd is lost in the means of the maps. */
    private static final FeatureMaps FEATURE_MAPS = FeatureMaps.FLATTEN;

    private static final List<TappedOutput> TAPS =
            List.of(
                    new TappedOutput("block0", LayerRole.HIDDEN),
                    new TappedOutput("block1", LayerRole.HIDDEN),
                    new TappedOutput("embedding", LayerRole.EMBEDDING),
                    new TappedOutput("logits", LayerRole.LOGITS));

    private final DemoClock clock;
    private final AttackDigits digits;
    private final Path model;
    private final ModelTap tap;
    private final DemoPublisher publisher;
    private final List<CaptureSession> sessions = new ArrayList<>();
    private long published;
    private long requests;

    /**
     * @param example folder of the example model
     * @throws IOException if it cannot be read
     */
    AttackCapture(
            Path example, DemoClock clock, Map<String, Object> client, CollectorRegistry registry)
            throws IOException {
        this.digits = new AttackDigits(example);
        this.clock = clock;
        this.model = example.resolve("mnist.onnx");
        this.tap =
                ModelTap.open(
                        OnnxFile.read(model), TAPS, Runtime.getRuntime().availableProcessors());
        this.publisher = new DemoPublisher(clock, client, registry);
        CaptureSettings settings =
                CaptureSettings.defaults(MODEL_ID, MODEL_VERSION)
                        .withRows(RowSelection.defaults().withFeatureMaps(FEATURE_MAPS));
        for (int shard = 0; shard < DemoStack.SHARDS; shard++) {
            String id = ShardCaptures.captureIdOf(shard, "digits");
            sessions.add(
                    CaptureSession.ofArrays(
                            tap, publisher.publisher(), settings.withCaptureId(id)));
        }
    }

    static List<String> layers() {
        return TAPS.stream().map(TappedOutput::tensor).toList();
    }

    /** Runs and publishes one snapshot; waits when the broker is behind. */
    void capture(AttackStep step, int number) throws IOException, InterruptedException {
        publisher.check();
        float[] pixels = new float[SAMPLES * digits.size()];
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i += 2) {
            int pair = (number * SAMPLES + i) / 2;
            samples.addAll(
                    step.probes()
                            ? near(step.attacks(), pair, pixels, i)
                            : apart(step, pair, pixels, i));
        }
        NpyArray input = new NpyArray(new int[] {SAMPLES, 1, 28, 28}, pixels);
        published +=
                sessions.get(number % sessions.size())
                        .captureBlocking(samples, Map.of(INPUT, input), clock.timeOf(number))
                        .snapshots();
    }

    /** Two digits that have nothing to do with each other, the second attacked maybe. */
    private List<Sample> apart(AttackStep step, int pair, float[] pixels, int at)
            throws IOException {
        String clean = step == AttackStep.REFERENCE ? AttackDigits.REFERENCE : AttackDigits.CLEAN;
        Sample first = taken(clean, client(2 * pair), pixels, at);
        if (step.attacks().isEmpty()) {
            return List.of(first, taken(clean, client(2 * pair + 1), pixels, at + 1));
        }
        String attack = step.attacks().get(pair % step.attacks().size());
        int number = digits.take(attack, pixels, at + 1);
        return List.of(first, sample(ATTACKED + attack + "-" + number, ATTACKER));
    }

    /** A clean digit and one near it from the same client: attacked, or moved by chance. */
    private List<Sample> near(List<String> attacks, int pair, float[] pixels, int at)
            throws IOException {
        float[] digit = new float[digits.size()];
        if (pair % 2 == 0) {
            String attack = attacks.get(pair / 2 % attacks.size());
            int number = digits.take(attack, digit, 0);
            System.arraycopy(digit, 0, pixels, (at + 1) * digit.length, digit.length);
            int original = digits.original(digit, pixels, at);
            return List.of(
                    sample(AttackDigits.CLEAN + "-" + original, ATTACKER),
                    sample(ATTACKED + attack + "-" + number, ATTACKER));
        }
        Sample first = taken(AttackDigits.CLEAN, client(pair), pixels, at);
        System.arraycopy(pixels, at * digit.length, digit, 0, digit.length);
        AttackDigits.move(digit, pair / 2);
        System.arraycopy(digit, 0, pixels, (at + 1) * digit.length, digit.length);
        return List.of(first, sample(MOVED + first.getId(), client(pair)));
    }

    private Sample taken(String file, String client, float[] pixels, int at) throws IOException {
        return sample(file + "-" + digits.take(file, pixels, at), client);
    }

    private Sample sample(String id, String client) {
        long number = requests++;
        return DemoRequest.of(id, client, number, client + "/" + number / SESSION, ROUTE);
    }

    private static String client(int number) {
        return "client-" + number % CLIENTS;
    }

    /** The model's file. */
    Path model() {
        return model;
    }

    /** Snapshots handed over so far. */
    long published() {
        return published;
    }

    PublisherCounts counts() {
        return publisher.counts();
    }

    @Override
    public void close() {
        try (tap;
                publisher) {
            sessions.clear();
        }
    }
}
