package io.spectrawatch.ops.demo.pipeline;

import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ops.audit.Audit;
import io.spectrawatch.ops.audit.AuditProgress;
import io.spectrawatch.ops.audit.AuditReport;
import io.spectrawatch.ops.audit.FlinkTarget;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoLife;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoStack;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The whole pipeline on one machine, on a real transformer over real sentences, checked as it goes:
 * every sketch is held against the moment computed straight from the rows.
 *
 * <p>Time is compressed: snapshots are {@value #STEP_MICROS} us of event time apart from a fixed
 * start, so the same options give the same panes on any machine.
 */
public final class PipelineDemo {

    private static final long STEP_MICROS = 50_000;
    private static final long LONG_AFTER = 3_600_000_000L;
    private static final long REFRESH_NANOS = 500_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final long STALL_NANOS = 120_000_000_000L;

    private final DemoOptions options;
    private final DemoScreen screen;
    private final DemoClock clock = new DemoClock(DemoClock.START_MICROS, STEP_MICROS);
    private final DemoLife life;
    private final long drawEvery;

    private final Set<String> layers = new HashSet<>();
    private final Set<Long> panes = new HashSet<>();
    private int sketches;
    private double disagreement;
    private long lastSketchAt;
    private long lastDrawnAt;

    /**
     * @param out where progress goes
     * @param redraw whether it is a terminal that can redraw in place
     */
    public PipelineDemo(DemoOptions options, PrintWriter out, boolean redraw) {
        this.options = options;
        this.life = new DemoLife(options);
        this.screen = new DemoScreen(out, redraw);
        this.drawEvery = redraw ? REFRESH_NANOS : LINE_NANOS;
    }

    /** Asks a running demo to end, and waits until everything is stopped. */
    public void stop() throws InterruptedException {
        life.stop();
    }

    /**
     * Runs the demo.
     *
     * @return what it did, after the last pane or when it was stopped
     * @throws IOException if a service cannot be started
     */
    public DemoReport run() throws IOException, InterruptedException {
        try {
            return run(life.folder());
        } finally {
            life.end();
        }
    }

    private DemoReport run(Path folder) throws IOException, InterruptedException {
        screen.say("starting broker, ingest, Flink and exporter ...");
        List<TappedOutput> taps = MiniLm.taps();
        String frequentDirections = taps.get(taps.size() - 1).tensor();
        // One layer is sketched although its exact moment would fit.
        Map<String, String> monitor =
                Map.of(
                        SketchDefinition.SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS.key(),
                        frequentDirections,
                        SketchDefinition.PUBLISH_SKETCH.key(),
                        "true");
        try (OfflineCheck check = new OfflineCheck();
                DemoStack stack = DemoStack.start(options, folder, clock, monitor);
                DemoCapture capture =
                        new DemoCapture(options, clock, check, stack.client(), stack.registry());
                SketchFollower follower =
                        new SketchFollower(
                                stack.client(),
                                Topics.SKETCHES.topicName(Topics.DEFAULT_PREFIX),
                                (sketch, bytes) ->
                                        accept(sketch, check.disagreement(sketch, bytes)))) {
            screen.say(stack.describe());
            screen.say(
                    MiniLm.MODEL_ID
                            + " over WordNet glosses, "
                            + options.sentences()
                            + " a snapshot; layer "
                            + frequentDirections
                            + " by Frequent Directions, the others exact");
            long startedAt = System.nanoTime();
            while (capture.hasNext() && !life.stopped()) {
                capture.captureNext();
                progress(stack, capture, follower, startedAt);
            }
            awaitSketches(stack, capture, follower, check, startedAt);
            screen.progress(totals(stack, capture, lastSketchAt() - startedAt));
            screen.finalTable();
            DemoReport report = report(stack, capture, startedAt, audit(stack));
            life.serve(
                    stack.metricsUrl(), () -> screen.say("all sketched; serving on until Ctrl-C"));
            return report;
        }
    }

    private void awaitSketches(
            DemoStack stack,
            DemoCapture capture,
            SketchFollower follower,
            OfflineCheck check,
            long startedAt)
            throws InterruptedException {
        if (life.stopped()) {
            return;
        }
        while (clock.acknowledged() < options.snapshots() && !life.stopped()) {
            pause(stack, capture, follower, startedAt);
        }
        clock.finish(clock.timeOf(options.snapshots()) + LONG_AFTER);
        long waitingSince = System.nanoTime();
        while (sketches() < check.parts() && !life.stopped()) {
            pause(stack, capture, follower, startedAt);
            if (System.nanoTime() - Math.max(waitingSince, lastSketchAt()) > STALL_NANOS) {
                throw new IllegalStateException(
                        "no sketch came for "
                                + STALL_NANOS / 1_000_000_000L
                                + " s; "
                                + (check.parts() - sketches())
                                + " are missing");
            }
        }
    }

    private void pause(
            DemoStack stack, DemoCapture capture, SketchFollower follower, long startedAt)
            throws InterruptedException {
        Thread.sleep(50);
        progress(stack, capture, follower, startedAt);
    }

    private void progress(
            DemoStack stack, DemoCapture capture, SketchFollower follower, long startedAt) {
        stack.check();
        follower.check();
        long now = System.nanoTime();
        if (now - lastDrawnAt >= drawEvery) {
            lastDrawnAt = now;
            screen.progress(totals(stack, capture, now - startedAt));
        }
    }

    private synchronized String totals(DemoStack stack, DemoCapture capture, long nanos) {
        return String.format(
                Locale.ROOT,
                "  snapshots %,d/%,d   rows %,d (%,.0f/s)   panes %d   sketches %d   rejected %d"
                        + "   dropped %d   agreement %.2g",
                capture.counts().acknowledged(),
                options.snapshots(),
                capture.rows(),
                capture.rows() / (nanos / 1e9),
                panes.size(),
                sketches,
                stack.rejected(),
                capture.counts().dropped(),
                disagreement);
    }

    private synchronized void accept(LayerSketch sketch, double disagreementOfSketch) {
        layers.add(sketch.getLayer());
        panes.add(sketch.getPaneStart());
        sketches++;
        // Math.max keeps NaN, which then fails the check as it should
        disagreement = Math.max(disagreement, disagreementOfSketch);
        lastSketchAt = System.nanoTime();
        screen.accept(sketch);
    }

    private synchronized int sketches() {
        return sketches;
    }

    private synchronized long lastSketchAt() {
        return lastSketchAt;
    }

    /** Recomputes every record of the run, if asked to and not stopped before. */
    private AuditReport audit(DemoStack stack) throws IOException, InterruptedException {
        if (options.auditBundle() == null || life.stopped()) {
            return null;
        }
        screen.say("auditing the run ...");
        AuditRequest all =
                AuditRequest.range(
                                MiniLm.MODEL_ID,
                                null,
                                DemoClock.paneOf(DemoClock.START_MICROS),
                                clock.timeOf(options.snapshots()) + DemoClock.PANE_MICROS)
                        .withOutput(options.auditBundle());
        return new Audit(stack.client(), Topics.DEFAULT_PREFIX, FlinkTarget.embedded(), null)
                .run(all, AuditProgress.NONE);
    }

    private synchronized DemoReport report(
            DemoStack stack, DemoCapture capture, long startedAt, AuditReport audit) {
        double seconds = (Math.max(lastSketchAt, startedAt + 1) - startedAt) / 1e9;
        return new DemoReport(
                capture.counts().acknowledged(),
                capture.rows(),
                layers.size(),
                panes.size(),
                sketches,
                stack.rejected(),
                capture.counts().dropped(),
                capture.rows() / seconds,
                stack.metricsUrl(),
                disagreement,
                audit);
    }
}
