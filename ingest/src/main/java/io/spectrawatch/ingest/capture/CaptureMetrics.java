package io.spectrawatch.ingest.capture;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** Capture's metrics; the only class of the package that knows how they are exported. */
final class CaptureMetrics {

    private final Counter acknowledged;
    private final Counter dropped;
    private final Counter brokenSamples;
    private final Counter failed;
    private final Counter bytes;
    private final Gauge bufferedBytes;

    CaptureMetrics(CollectorRegistry registry) {
        this.acknowledged =
                counter(registry, "snapshots", "Snapshots that the broker has acknowledged.");
        this.dropped =
                counter(registry, "dropped", "Snapshots dropped because the buffer was full.");
        this.brokenSamples =
                counter(
                        registry,
                        "broken_samples",
                        "Samples in parts of which one was dropped, and the later ones with it.");
        this.failed = counter(registry, "failed", "Snapshots that could not be sent.");
        this.bytes = counter(registry, "bytes", "Bytes of acknowledged snapshots.");
        this.bufferedBytes =
                Gauge.build(
                                "spectrawatch_capture_buffered_bytes",
                                "Bytes of snapshots that wait for the broker.")
                        .register(registry);
    }

    private static Counter counter(CollectorRegistry registry, String what, String help) {
        return Counter.build("spectrawatch_capture_" + what + "_total", help).register(registry);
    }

    void acknowledged(int size) {
        acknowledged.inc();
        bytes.inc(size);
    }

    void dropped() {
        dropped.inc();
    }

    void brokeSample() {
        brokenSamples.inc();
    }

    void failed() {
        failed.inc();
    }

    void buffered(long size) {
        bufferedBytes.set(size);
    }

    PublisherCounts counts() {
        return new PublisherCounts(
                (long) acknowledged.get(),
                (long) dropped.get(),
                (long) failed.get(),
                (long) bytes.get());
    }
}
