package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs the monitor without a baseline over the same log with and without checkpoints, and looks at
 * how long no snapshot is taken: whether much state holds the stream up.
 */
public final class CheckpointBench {

    private static final long NEVER_MILLIS = Duration.ofHours(1).toMillis();
    private static final long LOOK_MILLIS = 100;

    private CheckpointBench() {}

    /**
     * Runs everything in a temporary folder.
     *
     * @param options of which layers, columns and shards say how much state there is
     * @param intervalMillis from checkpoint to checkpoint
     * @param budget of the monitor's sketches
     * @param progress is told in a line what begins
     * @throws IOException if the broker or a service does not start
     */
    public static CheckpointReport run(
            PipelineOptions options,
            long intervalMillis,
            MemoryBudget budget,
            Consumer<String> progress)
            throws Exception {
        return BenchRig.with(
                options,
                rig -> {
                    progress.accept("filling a log with " + options.snapshots() + " snapshots ...");
                    BenchTopics topics = rig.topics("held.");
                    topics.create();
                    topics.fill(new BenchSnapshots(options));
                    rig.ingestAll(topics);
                    progress.accept("warming up ...");
                    measured(rig, topics, NEVER_MILLIS, budget);
                    progress.accept("without checkpoints ...");
                    CheckpointReport.Run without = measured(rig, topics, NEVER_MILLIS, budget);
                    progress.accept("with checkpoints ...");
                    try (Watched folder = new Watched(rig.folder())) {
                        CheckpointReport.Run with = measured(rig, topics, intervalMillis, budget);
                        return new CheckpointReport(
                                options,
                                intervalMillis,
                                budget.toString(),
                                folder.most(),
                                without,
                                with);
                    }
                });
    }

    private static CheckpointReport.Run measured(
            BenchRig rig, BenchTopics topics, long intervalMillis, MemoryBudget budget)
            throws Exception {
        Map<String, String> settings =
                Map.of(
                        MonitorDefinition.CHECKPOINT_INTERVAL.key(),
                        Long.toString(intervalMillis),
                        MemoryDefinition.MEMORY_BUDGET.key(),
                        budget.toString());
        Passage.Meter meter = rig.jobs(topics, settings).metered(null);
        StageClock.Span span = meter.span();
        double seconds = (span.to().nanos() - span.from().nanos()) / 1e9;
        return new CheckpointReport.Run(
                rig.options().rows(topics.snapshots()) / seconds, meter.longestPauseNanos() / 1e6);
    }

    /** The checkpoints in a folder, looked at again and again. */
    private static final class Watched implements AutoCloseable {

        private final Path folder;
        private final AtomicLong most = new AtomicLong();
        private final ScheduledExecutorService looking =
                Executors.newSingleThreadScheduledExecutor();

        Watched(Path folder) {
            this.folder = folder;
            looking.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }

        long most() {
            return most.get();
        }

        private void look() {
            long bytes = 0;
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files.filter(this::isState)::iterator) {
                    bytes += Files.size(file);
                }
                most.accumulateAndGet(bytes, Math::max);
            } catch (NoSuchFileException | UncheckedIOException e) {
                // A checkpoint was removed meanwhile; the next look sees what is left.
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean isState(Path file) {
            return folder.relativize(file).toString().contains("/chk-");
        }

        @Override
        public void close() {
            looking.shutdownNow();
        }
    }
}
