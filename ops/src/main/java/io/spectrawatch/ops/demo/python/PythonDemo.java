package io.spectrawatch.ops.demo.python;

import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.monitor.config.DetectionDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ops.baseline.ActivationWish;
import io.spectrawatch.ops.calibrate.CalibrationReport;
import io.spectrawatch.ops.calibrate.CalibrationRun;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoLife;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoStack;
import io.spectrawatch.ops.demo.stack.RecordFollower;
import io.spectrawatch.ops.demo.stack.RecordLog;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * A server in Python with the tap in it, in real time: it reads clean digits, on which a detector
 * is calibrated while it serves, other clean digits, and digits attacked by FGSM. Requests carry a
 * trace id, and what is found is named by it.
 */
public final class PythonDemo {

    private static final String MODEL_ID = "digits";
    private static final String MODEL_VERSION = "1";
    private static final int LAYERS = 4;
    private static final int REFERENCE = 2400;
    private static final int CLEAN = 400;
    private static final int ATTACKED = 200;
    private static final int AT_ONCE = 4;
    private static final String ATTACKER = "mallory";
    private static final double LEAST_DETECTED = 0.5;
    private static final double MOST_FALSE_ALARMS = 0.05;
    private static final int SHOWN = 3;
    private static final long PANE = DemoClock.PANE_MICROS;
    private static final long MICROS_PER_MILLI = 1000;
    private static final long PATIENCE_NANOS = 180_000_000_000L;

    private final DemoOptions options;
    private final Path digits;
    private final Path example;
    private final Path interpreter;
    private final PrintWriter out;
    private final DemoLife life;
    private final RecordLog log = new RecordLog();
    private int sent;

    /**
     * @param digits folder of the digits
     * @param example folder of the server
     * @param interpreter Python with what the server needs; null for the one that the build made
     * @param out where progress goes
     */
    public PythonDemo(
            DemoOptions options, Path digits, Path example, Path interpreter, PrintWriter out) {
        this.options = options;
        this.digits = digits;
        this.example = example;
        this.interpreter = interpreter;
        this.out = out;
        this.life = new DemoLife(options);
    }

    /** Asks a running demo to end, and waits until everything is stopped. */
    public void stop() throws InterruptedException {
        life.stop();
    }

    /**
     * Runs the demo.
     *
     * @return what it did; null when it was stopped before its end
     * @throws IOException if a service or the server cannot be started
     * @throws CalibrationException if the reference gives no detector
     */
    public PythonReport run() throws IOException, CalibrationException, InterruptedException {
        try {
            return run(life.folder());
        } finally {
            life.end();
        }
    }

    private PythonReport run(Path folder)
            throws IOException, CalibrationException, InterruptedException {
        say("starting broker, ingest, Flink, exporter and the server in Python ...");
        Map<String, String> monitor =
                Map.of(
                        DetectionDefinition.DETECT_SCORES_SHARE.key(), "1",
                        DetectionDefinition.ATTACK_MODELS.key(), "1",
                        SketchDefinition.BASIS_VECTORS.key(), "0");
        List<String> topics =
                List.of(
                        Topics.SKETCHES.topicName(Topics.DEFAULT_PREFIX),
                        Topics.SCORES.topicName(Topics.DEFAULT_PREFIX),
                        Topics.ALERTS.topicName(Topics.DEFAULT_PREFIX));
        try (DemoStack stack = DemoStack.start(options, folder, IngestClock.system(), monitor);
                RecordFollower follower = new RecordFollower(stack.client(), topics, log::accept);
                PythonServer server =
                        PythonServer.start(
                                example,
                                interpreter,
                                (String) stack.client().get("bootstrap.servers"),
                                folder)) {
            say(stack.describe());
            PythonReport report = new Run(stack, follower, server).play();
            if (report != null) {
                end(report);
                life.serve(stack.metricsUrl(), () -> say("done; serving on until Ctrl-C"));
            }
            return report;
        }
    }

    /** One run against the started services. */
    private final class Run {
        private final DemoStack stack;
        private final RecordFollower follower;
        private final PythonServer server;
        private long lastAsked;
        private long lastAnswered;

        Run(DemoStack stack, RecordFollower follower, PythonServer server) {
            this.stack = stack;
            this.follower = follower;
            this.server = server;
        }

        /** All steps in their order; null when stopped. */
        PythonReport play() throws IOException, CalibrationException, InterruptedException {
            say("\nreference: " + REFERENCE + " clean digits, one a request");
            send("reference", REFERENCE, "reference");
            CalibrationResult result = calibrate();
            if (result == null) {
                return null;
            }
            long judgedFrom = now();
            say("now " + CLEAN + " other clean digits, and " + ATTACKED + " attacked ones");
            Set<String> clean = send("clean", CLEAN, "clean");
            Set<String> attacked = send("fgsm-0.3", ATTACKED, ATTACKER);
            await("all requests are scored", () -> scores(judgedFrom).size() >= CLEAN + ATTACKED);
            await("the last pane is closed", this::sketched);
            return life.stopped() ? null : report(result, judgedFrom, clean, attacked);
        }

        /** Sends digits of a file, some at a time; returns their trace ids. */
        private Set<String> send(String file, int count, String client)
                throws IOException, InterruptedException {
            NpyArray images = NpyFile.read(digits.resolve(file + ".npz"));
            Set<String> traces = new HashSet<>();
            List<CompletableFuture<String>> open = new ArrayList<>();
            for (int i = 0; i < count && !life.stopped(); i++) {
                sent++;
                String trace = String.format("%016x%016x", 0x5350454354524157L, sent);
                traces.add(trace);
                lastAsked = open.isEmpty() ? now() : lastAsked;
                open.add(server.ask(pixels(images, i % images.rows()), trace, client));
                if (open.size() == AT_ONCE || i == count - 1) {
                    answered(open);
                    lastAnswered = now();
                    stack.check();
                    follower.check();
                }
            }
            await("ingest has all requests", () -> stack.accepted() + stack.rejected() >= sent);
            return traces;
        }

        /** Whether the pane of the last requests is, which they were asked and answered in. */
        private boolean sketched() {
            return log.sketches(paneEnd(lastAnswered)) == LAYERS
                    || log.sketches(paneEnd(lastAsked)) == LAYERS && now() > lastAnswered + PANE;
        }

        private CalibrationResult calibrate()
                throws IOException, CalibrationException, InterruptedException {
            await("the reference is sketched", this::sketched);
            if (life.stopped()) {
                return null;
            }
            say("calibrating beside the running monitor ...");
            Map<String, String> settings = new HashMap<>();
            settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(DemoStack.SHARDS));
            settings.put(CalibrateDefinition.MODEL_ID.key(), MODEL_ID);
            settings.put(CalibrateDefinition.MODEL_VERSION.key(), MODEL_VERSION);
            settings.put(CalibrateDefinition.TIME_START.key(), "1970-01-01T00:00:00Z");
            settings.put(CalibrateDefinition.TIME_END.key(), "9999-01-01T00:00:00Z");
            CalibrationRun calibration =
                    new CalibrationRun(settings, stack.client(), Topics.DEFAULT_PREFIX);
            CalibrationResult result = calibration.run(null, stage -> {});
            if (!result.detector().accepted()) {
                throw new CalibrationException(result.detector().refusal());
            }
            long skew = DemoStack.MAX_CLOCK_SKEW_MILLIS * MICROS_PER_MILLI;
            CalibrationReport report =
                    calibration.publish(
                            result, new ActivationWish(null, skew, "demo"), PythonDemo::now);
            long from = report.activation().effectiveFromMicros();
            say(
                    "baseline "
                            + report.baselineId()
                            + ", detector fitted on "
                            + result.detector().samples()
                            + " digits, judges from the next pane on");
            await("the baseline is in force", () -> now() > from);
            return life.stopped() ? null : result;
        }

        private void await(String what, BooleanSupplier done) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!done.getAsBoolean() && !life.stopped()) {
                stack.check();
                follower.check();
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "waited "
                                    + PATIENCE_NANOS / 1_000_000_000L
                                    + " s in vain until "
                                    + what);
                }
                Thread.sleep(100);
            }
        }

        private PythonReport report(
                CalibrationResult result, long from, Set<String> clean, Set<String> attacked) {
            List<PythonReport.Finding> findings = new ArrayList<>();
            int falseAlarms = 0;
            int detected = 0;
            for (SampleScores each : scores(from)) {
                if (each.getKind() == null) {
                    continue;
                }
                if (clean.contains(trace(each))) {
                    falseAlarms++;
                } else if (attacked.contains(trace(each))) {
                    detected++;
                    if (findings.size() < SHOWN) {
                        findings.add(
                                new PythonReport.Finding(
                                        trace(each), each.getKind(), each.getText()));
                    }
                }
            }
            List<String> alerts =
                    log.alerts(from, Long.MAX_VALUE).stream()
                            .filter(alert -> alert.getTransition() == AlertTransition.RAISED)
                            .map(Alert::getKind)
                            .toList();
            boolean asPromised =
                    detected >= LEAST_DETECTED * ATTACKED
                            && falseAlarms <= MOST_FALSE_ALARMS * CLEAN
                            && stack.rejected() == 0;
            return new PythonReport(
                    asPromised,
                    result.baseline().id(),
                    result.detector().samples(),
                    CLEAN,
                    falseAlarms,
                    ATTACKED,
                    detected,
                    findings,
                    alerts,
                    stack.rejected(),
                    stack.metricsUrl());
        }
    }

    private static long now() {
        return System.currentTimeMillis() * MICROS_PER_MILLI;
    }

    private static long paneEnd(long time) {
        return DemoClock.paneOf(time) + PANE;
    }

    private List<SampleScores> scores(long from) {
        return log.scores(DemoClock.paneOf(from), Long.MAX_VALUE);
    }

    /** The trace id that the sample carries, or its id, which the server takes from the trace. */
    private static String trace(SampleScores scores) {
        String told = scores.getContext() == null ? null : scores.getContext().getTraceId();
        return told == null ? scores.getSampleId() : told;
    }

    private static byte[] pixels(NpyArray images, int row) {
        byte[] pixels = new byte[images.rowSize()];
        for (int j = 0; j < pixels.length; j++) {
            pixels[j] = (byte) Math.round(images.values()[row * pixels.length + j]);
        }
        return pixels;
    }

    private static void answered(List<CompletableFuture<String>> open) throws IOException {
        try {
            open.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new IOException("the server does not answer", e.getCause());
        }
        open.clear();
    }

    private void end(PythonReport report) {
        for (PythonReport.Finding finding : report.findings()) {
            say("  trace " + finding.traceId() + "  " + finding.kind() + ": " + finding.text());
        }
        say("  alerts " + report.alerts());
        say(
                String.format(
                        "  detected %d of %d attacked requests, false alarms on %d of %d clean ones,"
                                + " rejected %d: %s",
                        report.detected(),
                        report.attacked(),
                        report.falseAlarms(),
                        report.clean(),
                        report.rejected(),
                        report.asPromised() ? "as promised" : "NOT AS PROMISED"));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
