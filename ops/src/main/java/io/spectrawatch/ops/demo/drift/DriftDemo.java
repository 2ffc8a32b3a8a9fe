package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.InterfaceResult;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.config.CertificateDefinition;
import io.spectrawatch.flink.calibrate.config.DetectorDefinition;
import io.spectrawatch.flink.monitor.config.AlertDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ops.calibrate.CalibrationReport;
import io.spectrawatch.ops.demo.stack.DemoClock;
import io.spectrawatch.ops.demo.stack.DemoLife;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoScene;
import io.spectrawatch.ops.demo.stack.DemoStack;
import io.spectrawatch.ops.demo.stack.RecordFollower;
import io.spectrawatch.ops.demo.stack.RecordLog;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.baseline.ModelInterface;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The life of a certificate on one machine: a reference is calibrated and activated while the
 * pipeline runs; then the same kind of input, other input, the first again, and at last the same
 * input through a block whose weights were silently rounded.
 *
 * <p>Time is compressed as in {@code PipelineDemo}; the same seed gives the same sentences in the
 * same panes.
 */
public final class DriftDemo {

    /** Rows of a pooled pane: two seconds of this demo instead of the default's ten. */
    private static final long POOL_ROWS = 2_000;

    /** The model's attention heads, whose outputs are equal blocks of channels. */
    private static final int HEADS = 12;

    private static final int COARSE_BITS = 3;
    private static final String LAST_BLOCK = "/encoder/layer.5/";

    private final DemoOptions options;
    private final DriftScreen screen;
    private final DemoLife life;
    private final List<String> layers;
    private final RecordLog records = new RecordLog();
    private final DriftLog log;
    private final DriftTimeline timeline = new DriftTimeline();
    private final DemoClock clock = new DemoClock(DemoClock.START_MICROS, DemoScene.STEP_MICROS);
    private long shownTo = Long.MIN_VALUE;

    /**
     * @param out where progress goes
     */
    public DriftDemo(DemoOptions options, PrintWriter out) {
        this.options = options;
        this.life = new DemoLife(options);
        this.layers = MiniLm.taps().stream().map(TappedOutput::tensor).toList();
        this.screen = new DriftScreen(out, layers);
        this.log = new DriftLog(interfaces(layers), records);
    }

    private static List<String> interfaces(List<String> layers) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i + 1 < layers.size(); i++) {
            names.add(ModelInterface.name(layers.get(i), layers.get(i + 1)));
        }
        return names;
    }

    /** Asks a running demo to end, and waits until everything is stopped. */
    public void stop() throws InterruptedException {
        life.stop();
    }

    /**
     * Runs the demo.
     *
     * @return what it did; null when it was stopped before its end
     * @throws IOException if a service cannot be started
     * @throws CalibrationException if the reference gives no baseline
     */
    public DriftReport run() throws IOException, CalibrationException, InterruptedException {
        try {
            return run(life.folder());
        } finally {
            life.end();
        }
    }

    private DriftReport run(Path folder)
            throws IOException, CalibrationException, InterruptedException {
        screen.say("starting broker, ingest, Flink and exporter ...");
        Map<String, String> monitor =
                Map.of(
                        AlertDefinition.ALERT_STREAMS.key(),
                        Integer.toString(layers.size() - 1),
                        SketchDefinition.BASIS_VECTORS.key(),
                        "0");
        List<String> topics =
                List.of(
                        Topics.SKETCHES.topicName(Topics.DEFAULT_PREFIX),
                        Topics.CERTIFICATES.topicName(Topics.DEFAULT_PREFIX),
                        Topics.ALERTS.topicName(Topics.DEFAULT_PREFIX));
        try (DemoStack stack = DemoStack.start(options, folder, clock, monitor);
                DriftCapture capture =
                        new DriftCapture(options.seed(), clock, stack.client(), stack.registry());
                RecordFollower follower =
                        new RecordFollower(stack.client(), topics, records::accept)) {
            screen.say(stack.describe());
            Scene scene = new Scene(stack, capture, follower);
            DriftReport report = scene.play();
            if (report != null) {
                screen.end(report);
                life.serve(stack.metricsUrl(), () -> screen.say("done; serving on until Ctrl-C"));
            }
            return report;
        }
    }

    /** One run against the started services. */
    private final class Scene extends DemoScene {
        private final DriftCapture capture;

        Scene(DemoStack stack, DriftCapture capture, RecordFollower follower) {
            super(stack, life, clock, follower);
            this.capture = capture;
        }

        /** All steps in their order; null when stopped. */
        public DriftReport play() throws IOException, CalibrationException, InterruptedException {
            screen.say(
                    "\nreference: "
                            + MiniLm.MODEL_ID
                            + " reads "
                            + DriftStep.REFERENCE.windows()
                            + " windows of WordNet's noun glosses");
            step(DriftStep.REFERENCE);
            CalibrationReport baseline = life.stopped() ? null : calibrate();
            if (baseline == null) {
                return null;
            }
            screen.header();
            for (DriftStep step : List.of(DriftStep.UNCHANGED, DriftStep.VERBS)) {
                step(step);
            }
            step(DriftStep.SHUFFLED);
            step(DriftStep.RECOVERY);
            capture.corrupt(LAST_BLOCK, COARSE_BITS);
            screen.say(
                    "  -- the last block's weights are rounded to "
                            + COARSE_BITS
                            + " bits where nobody takes digests, in memory: the snapshots still"
                            + " carry the file's digest --");
            step(DriftStep.MECHANISM);
            awaitCertificates(baseline.interfaces());
            return life.stopped() ? null : report(baseline.baselineId());
        }

        private void step(DriftStep step) throws IOException, InterruptedException {
            timeline.add(step, now());
            play(step.windows(), number -> capture.capture(step, number));
        }

        @Override
        protected long published() {
            return capture.published();
        }

        @Override
        protected long lastAt() {
            return records.lastAt();
        }

        /** Shows the windows that are complete: something later has come. */
        @Override
        protected void show() {
            if (timeline.of(DriftStep.UNCHANGED) == null) {
                return;
            }
            long end = timeline.of(DriftStep.UNCHANGED).start();
            for (end = Math.max(end, shownTo) + DemoClock.PANE_MICROS;
                    records.sketches(end + DemoClock.PANE_MICROS) == layers.size();
                    end += DemoClock.PANE_MICROS) {
                show(end);
            }
        }

        private void show(long end) {
            DriftStep step = timeline.at(end);
            if (step != null) {
                List<List<InterfaceCertificate>> certificates =
                        log.certificates(end - DemoClock.PANE_MICROS, end);
                screen.window(timeline.window(end), step, certificates);
                List<Alert> alerts = log.alerts(end - DemoClock.PANE_MICROS, end);
                screen.alerts(alerts);
            }
            shownTo = end;
        }

        private CalibrationReport calibrate()
                throws IOException, CalibrationException, InterruptedException {
            long end = timeline.of(DriftStep.REFERENCE).end();
            screen.say("calibrating from the log, beside the running monitor ...");
            Map<String, String> settings = settings(MiniLm.MODEL_ID, MiniLm.MODEL_VERSION);
            settings.put(CertificateDefinition.GROUPS.key(), Integer.toString(HEADS));
            settings.put(CertificateDefinition.POOL_ROWS.key(), Long.toString(POOL_ROWS));
            // Interfaces are what it shows; the attack demo shows samples.
            settings.put(DetectorDefinition.DETECT_SAMPLES.key(), "0");
            Calibrated calibrated =
                    calibrate(settings, () -> records.sketches(end) == layers.size());
            if (calibrated == null) {
                return null;
            }
            CalibrationReport report = calibrated.report();
            screen.say(
                    "baseline "
                            + report.baselineId()
                            + " is in the log of all "
                            + DemoStack.SHARDS
                            + " shards and judges from window "
                            + (timeline.window(report.activation().effectiveFromMicros()) + 1)
                            + " on");
            return report;
        }

        @Override
        protected void calibrated(CalibrationResult result) throws CalibrationException {
            screen.calibrated(result.interfaces(), result.baseline());
            if (!result.accepted()) {
                throw new CalibrationException(result.refusal());
            }
        }

        private void awaitCertificates(List<InterfaceResult> interfaces)
                throws InterruptedException {
            int expected = expected(interfaces);
            finish("all panes are certified", () -> records.certified() >= expected);
            long end = timeline.of(DriftStep.MECHANISM).end();
            while (shownTo < end && !life.stopped()) {
                show(shownTo + DemoClock.PANE_MICROS);
            }
        }

        /** Certificates that the captured rows give: as many as pools get full. */
        private int expected(List<InterfaceResult> interfaces) {
            long from = timeline.of(DriftStep.UNCHANGED).start();
            TreeMap<Long, Long> rows = new TreeMap<>(capture.rowsByPane().tailMap(from));
            int expected = 0;
            for (InterfaceResult each : interfaces) {
                long pooled = 0;
                for (long pane : rows.values()) {
                    pooled += pane;
                    if (each.status() != InterfaceResult.Status.REFUSED
                            && pooled >= each.poolRows()) {
                        expected++;
                        pooled = 0;
                    }
                }
            }
            return expected;
        }

        private DriftReport report(String baselineId) {
            DriftVerdict verdict = new DriftVerdict(log, timeline);
            Map<String, DriftReport.Phase> phases = verdict.phases();
            return new DriftReport(
                    phases.values().stream().allMatch(DriftReport.Phase::asPromised),
                    baselineId,
                    phases,
                    verdict.transitions(),
                    capture.counts().acknowledged(),
                    capture.rows(),
                    stack.rejected(),
                    stack.metricsUrl());
        }
    }
}
