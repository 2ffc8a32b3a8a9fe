package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.ops.baseline.ActivationWish;
import io.spectrawatch.ops.calibrate.CalibrationReport;
import io.spectrawatch.ops.calibrate.CalibrationRun;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What the scenarios with a calibration have in common: snapshots captured pane by pane in
 * compressed time, a reference calibrated and activated while the pipeline runs, and waiting for
 * what comes of it.
 */
public abstract class DemoScene {

    public static final int SNAPSHOTS_PER_PANE = 25;
    public static final long STEP_MICROS = DemoClock.PANE_MICROS / SNAPSHOTS_PER_PANE;

    private static final long LONG_AFTER = 3_600_000_000L;
    private static final long STALL_NANOS = 180_000_000_000L;
    private static final long POLL_MILLIS = 50;
    private static final long MICROS_PER_MILLI = 1000;

    protected final DemoStack stack;
    private final DemoLife life;
    private final DemoClock clock;
    private final RecordFollower follower;
    private int next;

    protected DemoScene(DemoStack stack, DemoLife life, DemoClock clock, RecordFollower follower) {
        this.stack = stack;
        this.life = life;
        this.clock = clock;
        this.follower = follower;
    }

    /** Captures one snapshot; waits when the broker is behind. */
    public interface Shot {
        void capture(int number) throws IOException, InterruptedException;
    }

    /** A baseline that judges the model from now on. */
    public record Calibrated(CalibrationResult result, CalibrationReport report) {}

    /** Snapshots handed over so far. */
    protected abstract long published();

    /** When the last record of the pipeline came, by the JVM's clock. */
    protected abstract long lastAt();

    /** Shows what is complete; called often. */
    protected abstract void show();

    /** Looks at what a calibration found before it is published; may refuse it. */
    protected abstract void calibrated(CalibrationResult result) throws CalibrationException;

    /** When the next snapshot is captured, microseconds. */
    protected final long now() {
        return clock.timeOf(next);
    }

    /** Captures panes of snapshots. */
    protected final void play(int windows, Shot shot) throws IOException, InterruptedException {
        for (int i = 0; i < windows * SNAPSHOTS_PER_PANE && !life.stopped(); i++) {
            shot.capture(next);
            next++;
            check();
            show();
        }
    }

    /**
     * Calibrates from everything captured so far, publishes and activates the baseline, and goes on
     * to the pane it judges first.
     *
     * @param settings beside those of {@link #settings}
     * @param sketched whether the last pane so far is complete
     * @return null when stopped
     */
    protected final Calibrated calibrate(Map<String, String> settings, BooleanSupplier sketched)
            throws IOException, CalibrationException, InterruptedException {
        await("ingest accepts the reference", () -> accepted() >= published());
        // Time goes on past the lateness, so that the last reference pane closes.
        next += SNAPSHOTS_PER_PANE;
        clock.skipTo(next);
        await("the reference is sketched", sketched);
        if (life.stopped()) {
            return null;
        }
        CalibrationRun calibration =
                new CalibrationRun(settings, stack.client(), Topics.DEFAULT_PREFIX);
        CalibrationResult result = calibration.run(null, stage -> {});
        calibrated(result);
        long skew = DemoStack.MAX_CLOCK_SKEW_MILLIS * MICROS_PER_MILLI;
        CalibrationReport report =
                calibration.publish(
                        result, new ActivationWish(null, skew, "demo"), clock::nowMicros);
        await("every shard carries the activation", () -> stack.activations() >= DemoStack.SHARDS);
        next = clock.snapshotAt(report.activation().effectiveFromMicros());
        clock.skipTo(next);
        return life.stopped() ? null : new Calibrated(result, report);
    }

    /** Settings of a calibration over the whole log. */
    protected static Map<String, String> settings(String model, String version) {
        Map<String, String> settings = new HashMap<>();
        settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(DemoStack.SHARDS));
        settings.put(CalibrateDefinition.MODEL_ID.key(), model);
        settings.put(CalibrateDefinition.MODEL_VERSION.key(), version);
        settings.put(CalibrateDefinition.TIME_START.key(), "1970-01-01T00:00:00Z");
        settings.put(CalibrateDefinition.TIME_END.key(), "9999-01-01T00:00:00Z");
        return settings;
    }

    /** Lets all panes close and waits for what they give. */
    protected final void finish(String what, BooleanSupplier done) throws InterruptedException {
        await("the broker has all snapshots", () -> accepted() >= published());
        clock.finish(now() + LONG_AFTER);
        await(what, done);
    }

    private long accepted() {
        return stack.accepted() + stack.rejected();
    }

    private void check() {
        stack.check();
        follower.check();
    }

    private void await(String what, BooleanSupplier done) throws InterruptedException {
        long since = System.nanoTime();
        while (!done.getAsBoolean() && !life.stopped()) {
            check();
            show();
            Thread.sleep(POLL_MILLIS);
            if (System.nanoTime() - Math.max(since, lastAt()) > STALL_NANOS) {
                throw new IllegalStateException(
                        "waited " + STALL_NANOS / 1_000_000_000L + " s in vain until " + what);
            }
        }
    }
}
