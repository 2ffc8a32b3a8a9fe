package io.spectrawatch.ops.demo.pipeline;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoPublisher;
import io.spectrawatch.ops.demo.stack.ShardCaptures;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the transformer over WordNet's glosses and publishes what its layers did, from one capture
 * per shard in turn.
 */
final class DemoCapture implements AutoCloseable {

    private final DemoOptions options;
    private final DemoClock clock;
    private final OfflineCheck check;
    private final List<String> glosses;
    private final ModelTap tap;
    private final TextEncoder encoder;
    private final DemoPublisher publisher;
    private final ShardCaptures captures;
    private volatile long rows;
    private int next;

    DemoCapture(
            DemoOptions options,
            DemoClock clock,
            OfflineCheck check,
            Map<String, Object> client,
            CollectorRegistry registry) {
        this.options = options;
        this.clock = clock;
        this.check = check;
        this.glosses = Glosses.shuffled(Glosses.all(), options.seed());
        this.tap = MiniLm.open(Runtime.getRuntime().availableProcessors());
        this.encoder = MiniLm.encoder();
        this.publisher = new DemoPublisher(clock, client, registry);
        this.captures = new ShardCaptures(tap, encoder, publisher.publisher(), "demo");
    }

    boolean hasNext() {
        return next < options.snapshots();
    }

    /** Runs and publishes one snapshot; waits when the broker is behind. */
    void captureNext() throws InterruptedException {
        publisher.check();
        List<Sample> samples = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < options.sentences(); i++) {
            int gloss = (int) (((long) next * options.sentences() + i) % glosses.size());
            samples.add(WholeSample.of("gloss-" + gloss, null, null, 1.0));
            texts.add(glosses.get(gloss));
        }
        long time = clock.timeOf(next);
        for (ActivationSnapshot snapshot : captures.snapshots(next, samples, texts, time)) {
            check.add(snapshot, DemoClock.paneOf(time));
            publisher.publish(snapshot);
            rows += snapshot.getLayers().stream().mapToLong(Layer::getRows).sum();
        }
        next++;
    }

    /** Rows over all layers so far. */
    long rows() {
        return rows;
    }

    PublisherCounts counts() {
        return publisher.counts();
    }

    @Override
    public void close() {
        try (tap;
                encoder;
                publisher) {
            next = options.snapshots();
        }
    }
}
