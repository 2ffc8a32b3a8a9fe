package io.spectrawatch.ops.demo;

import io.spectrawatch.flink.calibrate.CalibrateConfig;
import io.spectrawatch.flink.calibrate.CalibrationException;
import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.monitor.MonitorConfig;
import io.spectrawatch.ops.baseline.ActivationWish;
import io.spectrawatch.ops.calibrate.Calibration;
import io.spectrawatch.ops.calibrate.CalibrationReport;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Attacks on the example model, found while they come: clean digits are calibrated and activated
 * while the pipeline runs; then other clean digits, digits attacked in three ways among them, and
 * clean ones again.
 *
 * <p>Time is compressed as in {@link Demo}; the same digits come in the same panes in every run.
 */
public final class AttackDemo {

    private static final int SNAPSHOTS_PER_PANE = 25;
    private static final long STEP_MICROS = Demo.PANE_MICROS / SNAPSHOTS_PER_PANE;
    private static final long LONG_AFTER = 3_600_000_000L;
    private static final long STALL_NANOS = 180_000_000_000L;
    private static final long MICROS_PER_MILLI = 1000;

    /** 1,000 clean digits at 1 % flag 10; with 700 to calibrate on, 30 come with chance 1e-4. */
    private static final double MOST_FALSE = 0.03;

    private static final double LEAST_DETECTED = 0.5;

    private final DemoOptions options;
    private final Path example;
    private final AttackScreen screen;
    private final DemoLife life;
    private final AttackLog log = new AttackLog();
    private final DemoClock clock = new DemoClock(Demo.START_MICROS, STEP_MICROS);
    private final Map<AttackStep, Long> starts = new EnumMap<>(AttackStep.class);
    private long shownTo;
    private int next;

    /**
     * @param example folder of the example model and its digits
     * @param out where progress goes
     */
    public AttackDemo(DemoOptions options, Path example, PrintWriter out) {
        this.options = options;
        this.example = example;
        this.life = new DemoLife(options);
        this.screen = new AttackScreen(out);
    }

    /** Asks a running demo to end, and waits until everything is stopped. */
    public void stop() throws InterruptedException {
        life.stop();
    }

    /**
     * Runs the demo.
     *
     * @return what it did; null when it was stopped before its end
     * @throws IOException if the example cannot be read or a service cannot be started
     * @throws CalibrationException if the reference gives no detector
     */
    public AttackReport run() throws IOException, CalibrationException, InterruptedException {
        try {
            return run(life.folder());
        } finally {
            life.end();
        }
    }

    private AttackReport run(Path folder)
            throws IOException, CalibrationException, InterruptedException {
        screen.say("starting broker, ingest, Flink and exporter ...");
        Map<String, String> monitor =
                Map.of(
                        MonitorConfig.DETECT_SCORES_SHARE,
                        "1",
                        MonitorConfig.ATTACK_MODELS,
                        "1",
                        MonitorConfig.BASIS_VECTORS,
                        "0");
        List<String> topics =
                List.of(
                        Topics.SKETCHES.topicName(Topics.DEFAULT_PREFIX),
                        Topics.SCORES.topicName(Topics.DEFAULT_PREFIX),
                        Topics.ALERTS.topicName(Topics.DEFAULT_PREFIX));
        try (DemoStack stack = DemoStack.start(options, folder, clock, monitor);
                AttackCapture capture =
                        new AttackCapture(example, clock, stack.client(), stack.registry());
                RecordFollower follower = new RecordFollower(stack.client(), topics, log::accept)) {
            screen.say(stack.describe());
            AttackReport report = new Scene(stack, capture, follower).play();
            if (report != null) {
                screen.end(report);
                life.keepScrape(stack.metricsUrl());
                if (!options.exitWhenDone() && !life.stopped()) {
                    screen.say("done; serving on until Ctrl-C");
                    life.awaitStop();
                }
            }
            return report;
        }
    }

    /** One run against the started services. */
    private final class Scene {
        private final DemoStack stack;
        private final AttackCapture capture;
        private final RecordFollower follower;

        Scene(DemoStack stack, AttackCapture capture, RecordFollower follower) {
            this.stack = stack;
            this.capture = capture;
            this.follower = follower;
        }

        /** All steps in their order; null when stopped. */
        AttackReport play() throws IOException, CalibrationException, InterruptedException {
            screen.say("\nreference: " + samples(AttackStep.REFERENCE) + " clean digits");
            step(AttackStep.REFERENCE);
            if (life.stopped()) {
                return null;
            }
            CalibrationResult result = calibrate();
            if (life.stopped()) {
                return null;
            }
            screen.header();
            for (AttackStep each : AttackStep.values()) {
                if (each != AttackStep.REFERENCE) {
                    step(each);
                }
            }
            finish();
            return life.stopped() ? null : report(result);
        }

        private void step(AttackStep step) throws IOException, InterruptedException {
            starts.put(step, clock.timeOf(next));
            for (int i = 0; i < step.windows() * SNAPSHOTS_PER_PANE && !life.stopped(); i++) {
                capture.capture(step, next);
                next++;
                check();
                show(Long.MAX_VALUE);
            }
        }

        private CalibrationResult calibrate()
                throws IOException, CalibrationException, InterruptedException {
            long end = end(AttackStep.REFERENCE);
            await("ingest accepts the reference", () -> accepted() >= capture.published());
            // Time goes on past the lateness, so that the last reference pane closes.
            next += SNAPSHOTS_PER_PANE;
            clock.skipTo(next);
            int layers = AttackCapture.layers().size();
            await("the reference is sketched", () -> log.sketches(end) == layers);
            if (life.stopped()) {
                return null;
            }
            screen.say("calibrating from the log, beside the running monitor ...");
            Calibration calibration =
                    new Calibration(settings(), stack.client(), Topics.DEFAULT_PREFIX);
            CalibrationResult result = calibration.run();
            if (!result.detector().accepted()) {
                throw new CalibrationException(result.detector().refusal());
            }
            long skew = DemoStack.MAX_CLOCK_SKEW_MILLIS * MICROS_PER_MILLI;
            CalibrationReport published =
                    calibration.publish(
                            result, new ActivationWish(null, skew, "demo"), clock::nowMicros);
            await(
                    "every shard carries the activation",
                    () -> stack.activations() >= DemoStack.SHARDS);
            next = clock.snapshotAt(published.activation().effectiveFromMicros());
            clock.skipTo(next);
            shownTo = clock.timeOf(next);
            screen.say(
                    "baseline "
                            + published.baselineId()
                            + ", detector fitted on "
                            + result.detector().samples()
                            + " digits, judges from now on");
            return result;
        }

        private Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>();
            settings.put(CalibrateConfig.SHARDS, Integer.toString(DemoStack.SHARDS));
            settings.put(CalibrateConfig.MODEL_ID, AttackCapture.MODEL_ID);
            settings.put(CalibrateConfig.MODEL_VERSION, AttackCapture.MODEL_VERSION);
            settings.put(CalibrateConfig.TIME_START, "1970-01-01T00:00:00Z");
            settings.put(CalibrateConfig.TIME_END, "9999-01-01T00:00:00Z");
            return settings;
        }

        private void finish() throws InterruptedException {
            await("the broker has all snapshots", () -> accepted() >= capture.published());
            clock.finish(clock.timeOf(next) + LONG_AFTER);
            int expected = 0;
            for (AttackStep each : AttackStep.values()) {
                expected += each == AttackStep.REFERENCE ? 0 : samples(each);
            }
            int all = expected;
            long end = end(AttackStep.RECOVERY);
            await(
                    "all samples are scored and all panes closed",
                    () ->
                            log.scored() >= all
                                    && log.sketches(end) == AttackCapture.layers().size());
            show(end);
        }

        private long accepted() {
            return stack.accepted() + stack.rejected();
        }

        private void check() {
            stack.check();
            follower.check();
        }

        /** Shows the panes that are complete; their alerts came with their sketches or before. */
        private void show(long until) {
            while (shownTo > 0
                    && shownTo < until
                    && log.sketches(shownTo + Demo.PANE_MICROS) == AttackCapture.layers().size()) {
                long from = shownTo;
                shownTo += Demo.PANE_MICROS;
                AttackStep step = at(from);
                if (step != null) {
                    screen.window(
                            (from - Demo.START_MICROS) / Demo.PANE_MICROS,
                            step,
                            log.scores(from, shownTo),
                            log.alerts(from, shownTo));
                }
            }
        }

        private void await(String what, BooleanSupplier done) throws InterruptedException {
            long since = System.nanoTime();
            while (!done.getAsBoolean() && !life.stopped()) {
                check();
                show(Long.MAX_VALUE);
                Thread.sleep(50);
                if (System.nanoTime() - Math.max(since, log.lastAt()) > STALL_NANOS) {
                    throw new IllegalStateException(
                            "waited " + STALL_NANOS / 1_000_000_000L + " s in vain until " + what);
                }
            }
        }

        private AttackReport report(CalibrationResult result) {
            Map<String, AttackReport.Phase> phases = new LinkedHashMap<>();
            List<SampleScores> all = new ArrayList<>();
            for (AttackStep each : AttackStep.values()) {
                if (each != AttackStep.REFERENCE) {
                    List<SampleScores> own = log.scores(starts.get(each), end(each));
                    phases.put(each.phase(), phase(each, own));
                    all.addAll(own);
                }
            }
            AttackReport.Phase whole = phase(AttackStep.RECOVERY, all);
            List<AttackReport.Transition> transitions = new ArrayList<>();
            Map<String, Integer> kinds = new TreeMap<>();
            for (Alert alert : log.alerts(0, Long.MAX_VALUE)) {
                if (alert.getTransition() == AlertTransition.RAISED) {
                    kinds.merge(alert.getKind(), 1, Integer::sum);
                }
                if (alert.getKind().endsWith("UNDER_ATTACK")) {
                    transitions.add(transition(alert));
                }
            }
            return new AttackReport(
                    asPromised(whole, phases, transitions),
                    result.baseline().id(),
                    result.detector().samples(),
                    phases,
                    kinds,
                    whole.detectionRate(),
                    whole.falsePositiveRate(),
                    transitions,
                    capture.counts().acknowledged(),
                    stack.rejected(),
                    stack.metricsUrl());
        }
    }

    /**
     * Few false alarms; most attacked digits found; the attack named while it lasts, then ended.
     */
    private static boolean asPromised(
            AttackReport.Phase whole,
            Map<String, AttackReport.Phase> phases,
            List<AttackReport.Transition> transitions) {
        boolean raised = false;
        boolean resolved = false;
        boolean early = false;
        for (AttackReport.Transition each : transitions) {
            boolean model = each.client().isEmpty();
            boolean raises = each.transition().equals(AlertTransition.RAISED.name());
            early |= raises && phases.get(each.phase()).attacked() == 0;
            raised |= model && raises;
            resolved |= model && !raises;
        }
        return whole.falsePositiveRate() <= MOST_FALSE
                && whole.detectionRate() >= LEAST_DETECTED
                && raised
                && resolved
                && !early;
    }

    private AttackReport.Transition transition(Alert alert) {
        return new AttackReport.Transition(
                at(alert.getPaneStart()).phase(),
                alert.getKind(),
                alert.getTransition().name(),
                alert.getEvidence().getOrDefault("client", ""),
                alert.getText());
    }

    private static AttackReport.Phase phase(AttackStep step, List<SampleScores> scores) {
        AttackScreen.Tally tally = AttackScreen.Tally.of(scores);
        Map<String, Integer> kinds = new TreeMap<>();
        for (SampleScores each : scores) {
            if (each.getKind() != null) {
                kinds.merge(each.getKind(), 1, Integer::sum);
            }
        }
        int clean = tally.samples() - tally.attacked();
        return new AttackReport.Phase(
                step.windows(),
                tally.samples(),
                tally.attacked(),
                share(tally.detected(), tally.attacked()),
                share(tally.falseAlarms(), clean),
                kinds);
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static int samples(AttackStep step) {
        return step.windows() * SNAPSHOTS_PER_PANE * AttackCapture.SAMPLES;
    }

    private long end(AttackStep step) {
        return starts.get(step) + step.windows() * Demo.PANE_MICROS;
    }

    /** The step a moment lies in; null for none. */
    private AttackStep at(long time) {
        AttackStep found = null;
        for (AttackStep each : AttackStep.values()) {
            Long start = starts.get(each);
            found = start != null && start <= time && time < end(each) ? each : found;
        }
        return found;
    }
}
