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
import io.spectrawatch.ops.demo.python.PythonReport.Raised;
import io.spectrawatch.ops.demo.python.PythonVerdict.Asked;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoLife;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoStack;
import io.spectrawatch.ops.demo.stack.RecordFollower;
import io.spectrawatch.ops.demo.stack.RecordLog;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * A server in Python with the tap in it, in real time: a vision transformer reads clean digits, on
 * which a detector is calibrated while it serves, then others, and then digits of which an attacker
 * has covered a third of the tokens. Requests carry a trace id, and what is found is named by it
 * and by the tokens that spoke.
 */
public final class PythonDemo {

    private static final String MODEL_ID = "digits";
    private static final String MODEL_VERSION = "1";
    private static final int LAYERS = 3;
    private static final int REFERENCE = 1600;
    private static final int CLEAN = 400;
    private static final int AT_ONCE = 4;
    private static final String ATTACKER = "mallory";
    private static final String OTHERS = "alice";

    /** Time of a few requests while the attack lasts, so that it lasts for more than a moment. */
    private static final long ATTACK_PACE_MILLIS = 200;

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
     * @param example folder of the server and of what it is attacked with
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
        PythonDigits files = new PythonDigits(digits, example);
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
            PythonReport report = new Run(stack, follower, server, files).play();
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
        private final PythonDigits digits;
        private long lastAsked;
        private long lastAnswered;

        Run(DemoStack stack, RecordFollower follower, PythonServer server, PythonDigits digits) {
            this.stack = stack;
            this.follower = follower;
            this.server = server;
            this.digits = digits;
        }

        /** All steps in their order; null when stopped. */
        PythonReport play() throws IOException, CalibrationException, InterruptedException {
            say("\nreference: " + REFERENCE + " digits, one a request");
            send(of(OTHERS, digits.reference(REFERENCE)), 0);
            CalibrationResult result = calibrate();
            if (result == null) {
                return null;
            }
            long judgedFrom = now();
            int attacked = digits.attacked().size();
            say("now " + CLEAN + " other digits");
            Map<String, Asked> judged = send(of(OTHERS, digits.clean(CLEAN)), 0);
            say(
                    "and "
                            + attacked
                            + " by "
                            + ATTACKER
                            + " with 16 of 49 tokens covered, between as many clean ones");
            judged.putAll(
                    send(
                            mixed(
                                    of(ATTACKER, digits.attacked()),
                                    of(OTHERS, digits.clean(attacked))),
                            ATTACK_PACE_MILLIS));
            await("all requests are scored", () -> scores(judgedFrom).size() >= judged.size());
            await("the last pane is closed", this::sketched);
            return life.stopped() ? null : report(result, judgedFrom, judged);
        }

        /**
         * Sends requests, some at a time, and waits until ingest has them.
         *
         * @param paceMillis time of those some at least
         * @return what became of them, by trace id
         */
        private Map<String, Asked> send(List<Wish> wishes, long paceMillis)
                throws IOException, InterruptedException {
            Map<String, Asked> asked = new HashMap<>();
            for (int i = 0; i < wishes.size() && !life.stopped(); i += AT_ONCE) {
                lastAsked = now();
                long began = System.nanoTime();
                Map<String, CompletableFuture<Asked>> open = new HashMap<>();
                for (Wish wish : wishes.subList(i, Math.min(i + AT_ONCE, wishes.size()))) {
                    sent++;
                    String trace = String.format("%016x%016x", 0x5350454354524157L, sent);
                    open.put(
                            trace,
                            server.ask(wish.digit().pixels(), trace, wish.client())
                                    .thenApply(a -> new Asked(wish.client(), wish.digit())));
                }
                for (Map.Entry<String, CompletableFuture<Asked>> each : open.entrySet()) {
                    asked.put(each.getKey(), answered(each.getValue()));
                }
                lastAnswered = now();
                stack.check();
                follower.check();
                long passed = (System.nanoTime() - began) / 1_000_000;
                Thread.sleep(Math.max(0, paceMillis - passed));
            }
            await("ingest has all requests", () -> stack.accepted() + stack.rejected() >= sent);
            return asked;
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
                CalibrationResult result, long from, Map<String, Asked> judged) {
            PythonVerdict verdict = new PythonVerdict(judged);
            scores(from).forEach(verdict::score);
            List<Raised> alerts =
                    log.alerts(from, Long.MAX_VALUE).stream()
                            .filter(alert -> alert.getTransition() == AlertTransition.RAISED)
                            .map(verdict::raised)
                            .toList();
            int attacked = digits.attacked().size();
            int clean = judged.size() - attacked;
            return new PythonReport(
                    verdict.asPromised(clean, attacked, alerts, stack.rejected()),
                    result.baseline().id(),
                    result.detector().samples(),
                    clean,
                    verdict.falseAlarms(),
                    attacked,
                    verdict.detected(),
                    verdict.loudestCovered(),
                    alerts,
                    stack.rejected(),
                    stack.metricsUrl());
        }
    }

    /** A digit and who sends it. */
    private record Wish(String client, PythonDigits.Digit digit) {}

    private static List<Wish> of(String client, List<PythonDigits.Digit> digits) {
        return digits.stream().map(digit -> new Wish(client, digit)).toList();
    }

    /** One of these, one of those, and so on. */
    private static List<Wish> mixed(List<Wish> these, List<Wish> those) {
        List<Wish> mixed = new ArrayList<>();
        for (int i = 0; i < these.size(); i++) {
            mixed.add(these.get(i));
            mixed.add(those.get(i));
        }
        return mixed;
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

    private static Asked answered(CompletableFuture<Asked> open) throws IOException {
        try {
            return open.join();
        } catch (CompletionException e) {
            throw new IOException("the server does not answer", e.getCause());
        }
    }

    private void end(PythonReport report) {
        for (Raised alert : report.alerts()) {
            say("  ! " + alert.kind() + ": " + alert.text());
            alert.requests().forEach(this::named);
        }
        say(
                String.format(
                        Locale.ROOT,
                        "  detected %d of %d attacked requests, %.0f %% of them loudest at a token"
                                + " that was covered; false alarms on %d of %d clean ones,"
                                + " rejected %d: %s",
                        report.detected(),
                        report.attacked(),
                        100 * report.loudestCovered(),
                        report.falseAlarms(),
                        report.clean(),
                        report.rejected(),
                        report.asPromised() ? "as promised" : "NOT AS PROMISED"));
    }

    private void named(PythonReport.Named request) {
        say(
                "      trace "
                        + request.traceId()
                        + ", client "
                        + request.client()
                        + ", tokens "
                        + request.tokens()
                        + (request.covered().isEmpty() ? "" : ", covered " + request.covered()));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
