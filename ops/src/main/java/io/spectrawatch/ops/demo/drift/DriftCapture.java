package io.spectrawatch.ops.demo.drift;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoPublisher;
import io.spectrawatch.ops.demo.stack.DemoRequest;
import io.spectrawatch.ops.demo.stack.ShardCaptures;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the transformer over the sentences of each step and publishes what its layers did; in the
 * last step a transformer one of whose blocks has coarse weights.
 *
 * <p>The snapshots of that step carry the digest of the deployed file: the change happened where
 * digests are not taken, in memory. A changed file would have another digest, and its baseline
 * would be refused at once.
 */
final class DriftCapture implements AutoCloseable {

    private static final int SENTENCES = 8;
    private static final String ROUTE = "/v1/embeddings";

    /** Requests of a session. */
    private static final int SESSION = 64;

    private final DemoClock clock;
    private final DriftTexts texts;
    private final TextEncoder encoder = MiniLm.encoder();
    private final ModelTap deployed;
    private final DemoPublisher publisher;
    private final ShardCaptures captures;
    private final TreeMap<Long, Long> rowsByPane = new TreeMap<>();
    private ModelTap coarse;
    private ShardCaptures coarseCaptures;
    private volatile long published;
    private long rows;
    private long requests;

    DriftCapture(
            long seed, DemoClock clock, Map<String, Object> client, CollectorRegistry registry) {
        this.clock = clock;
        this.texts = new DriftTexts(seed);
        this.deployed = MiniLm.open(threads());
        this.publisher = new DemoPublisher(clock, client, registry);
        this.captures = new ShardCaptures(deployed, encoder, publisher.publisher(), "demo");
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Rounds the weights of a block, and serves the step that asks for it from then on. */
    void corrupt(String operatorPrefix, int bits) {
        byte[] rounded = CoarseWeights.round(MiniLm.model(), operatorPrefix, bits);
        coarse = ModelTap.open(rounded, MiniLm.taps(), threads());
        coarseCaptures = new ShardCaptures(coarse, encoder, publisher.publisher(), "restarted");
    }

    /** Runs and publishes one snapshot; waits when the broker is behind. */
    void capture(DriftStep step, int number) throws InterruptedException {
        publisher.check();
        List<Sample> samples = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < SENTENCES; i++) {
            DriftTexts.Text text = texts.next(step);
            long request = requests++;
            samples.add(
                    DemoRequest.of(
                            text.id(), null, request, "session-" + request / SESSION, ROUTE));
            sentences.add(text.text());
        }
        ShardCaptures serving = step == DriftStep.MECHANISM ? coarseCaptures : captures;
        long time = clock.timeOf(number);
        for (ActivationSnapshot snapshot : serving.snapshots(number, samples, sentences, time)) {
            publisher.publish(recorded(snapshot));
            long taken = snapshot.getLayers().get(0).getRows();
            rowsByPane.merge(DemoClock.paneOf(time), taken, Long::sum);
            rows += taken * snapshot.getLayers().size();
            published++;
        }
    }

    /** As the deployed file's: its digest was taken when the service started. */
    private ActivationSnapshot recorded(ActivationSnapshot snapshot) {
        return new ActivationSnapshot(
                snapshot.getModelId(),
                snapshot.getModelVersion(),
                deployed.digest(),
                snapshot.getCaptureId(),
                snapshot.getSequence(),
                snapshot.getCapturedAt(),
                snapshot.getSamples(),
                snapshot.getLayers());
    }

    /** Snapshots handed over so far. */
    long published() {
        return published;
    }

    /** Rows over all layers so far. */
    long rows() {
        return rows;
    }

    /** Rows per layer, by start of the pane. */
    TreeMap<Long, Long> rowsByPane() {
        return rowsByPane;
    }

    PublisherCounts counts() {
        return publisher.counts();
    }

    @Override
    public void close() {
        try (deployed;
                encoder;
                publisher) {
            if (coarse != null) {
                coarse.close();
            }
        }
    }
}
