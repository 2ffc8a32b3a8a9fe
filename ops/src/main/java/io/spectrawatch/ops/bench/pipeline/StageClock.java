package io.spectrawatch.ops.bench.pipeline;

import com.sun.management.OperatingSystemMXBean;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import jdk.jfr.Recording;

/** Reads time, the processor time of this process and of the broker, and what threads do. */
final class StageClock {

    private static final Duration SAMPLING = Duration.ofMillis(10);
    private static final double NANOS = 1e9;

    private final EmbeddedBroker broker;
    private final Path folder;
    private final OperatingSystemMXBean process =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /**
     * @param folder for recordings, which are removed again
     */
    StageClock(EmbeddedBroker broker, Path folder) {
        this.broker = broker;
        this.folder = folder;
    }

    /** A moment: by the clock, and how much each process had worked. */
    record Mark(Instant at, long nanos, long own, long broker) {}

    /** The moment that is now. */
    Mark now() {
        return new Mark(
                Instant.now(),
                System.nanoTime(),
                process.getProcessCpuTime(),
                broker.processorTime().toNanos());
    }

    /** A stage that is being watched. */
    interface Stage {
        /** Runs it and says from when to when it counts. */
        Span run() throws Exception;
    }

    /** From one moment to another. */
    record Span(Mark from, Mark to) {}

    /**
     * Runs a stage under the sampling profiler.
     *
     * @param rows rows of a layer that pass
     * @param bytes bytes of the records that hold them
     */
    StageCost measure(long rows, long bytes, Stage stage) throws Exception {
        Path file = Files.createTempFile(folder, "stage", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(SAMPLING);
            recording.enable("jdk.NativeMethodSample").withPeriod(SAMPLING);
            recording.start();
            Span span = stage.run();
            recording.stop();
            recording.dump(file);
            return cost(rows, bytes, span, file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static StageCost cost(long rows, long bytes, Span span, Path recording)
            throws IOException {
        double seconds = (span.to().nanos() - span.from().nanos()) / NANOS;
        double own = (span.to().own() - span.from().own()) / NANOS;
        double other = (span.to().broker() - span.from().broker()) / NANOS;
        double millions = rows / 1e6;
        double gigabytes = bytes / 1e9;
        return new StageCost(
                seconds,
                rows / seconds,
                bytes / 1e6 / seconds,
                own / millions,
                own / gigabytes,
                other / millions,
                other / gigabytes,
                HotFrames.of(recording, span.from().at(), span.to().at()));
    }
}
