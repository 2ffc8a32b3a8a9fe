package io.spectrawatch.ops.demo.attack;

import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.monitor.config.DetectionDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.ops.calibrate.HeadFile;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoLife;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoScene;
import io.spectrawatch.ops.demo.stack.DemoStack;
import io.spectrawatch.ops.demo.stack.RecordFollower;
import io.spectrawatch.ops.demo.stack.RecordLog;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Attacks on the example model, found while they come: clean digits are calibrated and activated
 * while the pipeline runs; then other clean digits, digits attacked in three ways among them, a
 * client that sends attacked digits after the digits they were made from, and clean ones again.
 *
 * <p>Time is compressed as in {@code PipelineDemo}; the same digits come in the same panes in every
 * run.
 */
public final class AttackDemo {

    private final DemoOptions options;
    private final Path example;
    private final AttackScreen screen;
    private final DemoLife life;
    private final RecordLog log = new RecordLog();
    private final DemoClock clock = new DemoClock(DemoClock.START_MICROS, DemoScene.STEP_MICROS);
    private final Map<AttackStep, Long> starts = new EnumMap<>(AttackStep.class);
    private long shownTo;

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

    /** Scores of all samples so far, in the order of their panes. */
    List<SampleScores> scores() {
        return log.scores(Long.MIN_VALUE, Long.MAX_VALUE);
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
                        DetectionDefinition.DETECT_SCORES_SHARE.key(),
                        "1",
                        DetectionDefinition.ATTACK_MODELS.key(),
                        "1",
                        SketchDefinition.BASIS_VECTORS.key(),
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
                life.serve(stack.metricsUrl(), () -> screen.say("done; serving on until Ctrl-C"));
            }
            return report;
        }
    }

    /** One run against the started services. */
    private final class Scene extends DemoScene {
        private final AttackCapture capture;

        Scene(DemoStack stack, AttackCapture capture, RecordFollower follower) {
            super(stack, life, clock, follower);
            this.capture = capture;
        }

        /** All steps in their order; null when stopped. */
        public AttackReport play() throws IOException, CalibrationException, InterruptedException {
            screen.say("\nreference: " + samples(AttackStep.REFERENCE) + " clean digits");
            step(AttackStep.REFERENCE);
            CalibrationResult result = life.stopped() ? null : calibrate();
            if (result == null) {
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
            starts.put(step, now());
            play(step.windows(), number -> capture.capture(step, number));
        }

        private CalibrationResult calibrate()
                throws IOException, CalibrationException, InterruptedException {
            long end = end(AttackStep.REFERENCE);
            screen.say("publishing the head's weights, calibrating beside the running monitor ...");
            HeadFile.read(capture.model(), null)
                    .publish(
                            AttackCapture.MODEL_ID,
                            AttackCapture.MODEL_VERSION,
                            stack.client(),
                            Topics.DEFAULT_PREFIX);
            Calibrated calibrated =
                    calibrate(
                            settings(AttackCapture.MODEL_ID, AttackCapture.MODEL_VERSION),
                            () -> sketched(end));
            if (calibrated == null) {
                return null;
            }
            shownTo = now();
            screen.say(
                    "baseline "
                            + calibrated.report().baselineId()
                            + ", detector fitted on "
                            + calibrated.result().detector().samples()
                            + " digits, judges from now on");
            return calibrated.result();
        }

        @Override
        protected void calibrated(CalibrationResult result) throws CalibrationException {
            if (!result.detector().accepted()) {
                throw new CalibrationException(result.detector().refusal());
            }
        }

        private void finish() throws InterruptedException {
            int expected = 0;
            for (AttackStep each : AttackStep.values()) {
                expected += each == AttackStep.REFERENCE ? 0 : samples(each);
            }
            int all = expected;
            long end = end(AttackStep.RECOVERY);
            finish(
                    "all samples are scored and all panes closed",
                    () -> log.scored() >= all && sketched(end));
            while (shownTo < end && !life.stopped()) {
                showPane();
            }
        }

        @Override
        protected long published() {
            return capture.published();
        }

        @Override
        protected long lastAt() {
            return log.lastAt();
        }

        private boolean sketched(long paneEnd) {
            return log.sketches(paneEnd) == AttackCapture.layers().size();
        }

        /** Shows the panes that are complete: the one after them is, and all samples are scored. */
        @Override
        protected void show() {
            while (shownTo > 0
                    && sketched(shownTo + 2 * DemoClock.PANE_MICROS)
                    && (at(shownTo) == null
                            || log.scores(shownTo, shownTo + DemoClock.PANE_MICROS).size()
                                    == SNAPSHOTS_PER_PANE * AttackCapture.SAMPLES)) {
                showPane();
            }
        }

        private void showPane() {
            long from = shownTo;
            shownTo += DemoClock.PANE_MICROS;
            AttackStep step = at(from);
            if (step != null) {
                screen.window(
                        (from - DemoClock.START_MICROS) / DemoClock.PANE_MICROS,
                        step,
                        log.scores(from, shownTo),
                        log.alerts(from, shownTo));
            }
        }

        private AttackReport report(CalibrationResult result) {
            AttackVerdict verdict = new AttackVerdict(log, starts);
            return new AttackReport(
                    verdict.asPromised(),
                    result.baseline().id(),
                    result.detector().samples(),
                    verdict.phases(),
                    verdict.kinds(),
                    verdict.whole().detectionRate(),
                    verdict.whole().falsePositiveRate(),
                    verdict.alone(),
                    verdict.pairs(),
                    verdict.transitions(),
                    capture.counts().acknowledged(),
                    stack.rejected(),
                    stack.metricsUrl());
        }
    }

    private static int samples(AttackStep step) {
        return step.windows() * DemoScene.SNAPSHOTS_PER_PANE * AttackCapture.SAMPLES;
    }

    private long end(AttackStep step) {
        return step.end(starts.get(step));
    }

    /** The step a moment lies in; null for none. */
    private AttackStep at(long time) {
        return AttackStep.at(time, starts);
    }
}
