package io.spectrawatch.ops.bench.capture;

import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.schemas.WholeSample;
import java.util.Arrays;
import java.util.List;

/** Answers one request after the other, some of them with the tap; remembers how long each took. */
final class Server {

    private static final double SECOND_NANOS = 1e9;
    private static final double MILLI_NANOS = 1e6;

    private final CaptureSession bare;
    private final CaptureSession tapped;
    private final SnapshotPublisher publisher;
    private final double share;
    private final long[] nanos;
    private final long sentBefore;
    private int served;
    private long published;
    private long waitedNanos;

    /**
     * @param bare runs the model for its own answer
     * @param tapped runs it for all its layers, and publishes them
     * @param share of the requests that go to the tap, evenly spread
     * @param requests how many will come
     */
    Server(
            CaptureSession bare,
            CaptureSession tapped,
            SnapshotPublisher publisher,
            double share,
            int requests) {
        this.bare = bare;
        this.tapped = tapped;
        this.publisher = publisher;
        this.share = share;
        this.nanos = new long[requests];
        this.sentBefore = sent();
    }

    void serve(String text) {
        long from = System.nanoTime();
        // the requests at which the count of those captured goes up
        if (Math.floor((served + 1) * share) > Math.floor(served * share)) {
            published +=
                    tapped.capture(
                                    List.of(
                                            WholeSample.of(
                                                    "request-" + served, null, null, 1 / share)),
                                    List.of(text),
                                    System.currentTimeMillis() * 1000)
                            .published();
        } else {
            bare.run(List.of(text));
        }
        nanos[served++] = System.nanoTime() - from;
    }

    /**
     * Waits until what was captured is sent, so that no other variant pays for it; the wait counts
     * as time that this one took.
     */
    void endTurn() throws InterruptedException {
        long from = System.nanoTime();
        while (sent() - sentBefore < published) {
            Thread.sleep(1);
        }
        waitedNanos += System.nanoTime() - from;
    }

    private long sent() {
        return publisher == null
                ? 0
                : publisher.counts().acknowledged() + publisher.counts().failed();
    }

    /** What it took, beside the bare model; null for that one itself. */
    CaptureReport.Variant report(CaptureReport.Variant alone) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double perSecond = served / ((Arrays.stream(sorted).sum() + waitedNanos) / SECOND_NANOS);
        double p99 = at(sorted, 0.99);
        return new CaptureReport.Variant(
                share,
                perSecond,
                at(sorted, 0.5),
                p99,
                alone == null ? 0 : 1 - perSecond / alone.requestsPerSecond(),
                alone == null ? 0 : p99 / alone.p99Millis() - 1,
                publisher == null ? 0 : publisher.counts().dropped());
    }

    private static double at(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / MILLI_NANOS;
    }
}
