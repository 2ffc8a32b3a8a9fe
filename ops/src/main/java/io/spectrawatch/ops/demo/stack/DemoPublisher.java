package io.spectrawatch.ops.demo.stack;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.schemas.ActivationSnapshot;
import java.util.Map;

/** Publishes a demo's snapshots, whose acknowledgements let the demo's time go on. */
public final class DemoPublisher implements AutoCloseable {

    private final DemoClock clock;
    private final SnapshotPublisher publisher;
    private volatile Exception failure;

    public DemoPublisher(DemoClock clock, Map<String, Object> client, CollectorRegistry registry) {
        this.clock = clock;
        this.publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults(), client, registry, this::acknowledged);
    }

    /** For captures that publish by themselves. */
    public SnapshotPublisher publisher() {
        return publisher;
    }

    /** Fails with what kept a snapshot from being published, if anything did. */
    public void check() {
        if (failure != null) {
            throw new IllegalStateException("a snapshot could not be published", failure);
        }
    }

    /** Waits when the broker is behind. */
    public void publish(ActivationSnapshot snapshot) throws InterruptedException {
        publisher.publishBlocking(snapshot);
    }

    public PublisherCounts counts() {
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
        publisher.close();
    }
}
