package io.spectrawatch.ops.calibrate;

import io.spectrawatch.flink.calibrate.CalibrateJob;
import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.ops.baseline.ActivationReport;
import io.spectrawatch.ops.baseline.ActivationWish;
import io.spectrawatch.ops.baseline.BaselineAdmin;
import io.spectrawatch.ops.cluster.LocalSubtasks;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Calibrates on a Flink cluster inside this JVM, publishes the baseline and asks for it. */
public final class CalibrationRun {

    private final Map<String, Object> client;
    private final CalibrateConfig config;
    private final int parallelism;
    private final String topicPrefix;

    /**
     * @param settings keys of {@link CalibrateConfig}
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     */
    public CalibrationRun(
            Map<String, String> settings, Map<String, Object> client, String topicPrefix) {
        Map<String, String> own = new HashMap<>(settings);
        own.putIfAbsent(CalibrateDefinition.PARALLELISM.key(), "1");
        own.put(CalibrateDefinition.TOPIC_PREFIX.key(), topicPrefix);
        this.client = Map.copyOf(client);
        this.config = CalibrateConfig.fromMap(own, client);
        this.parallelism = LocalSubtasks.of(config.parallelism(), config.shards());
        this.topicPrefix = topicPrefix;
    }

    /**
     * Reads the range and freezes a baseline, or says why not.
     *
     * @param head the head to fit with; null for the published one, if any
     * @param progress is told in a line what begins
     * @throws CalibrationException if the range cannot give a baseline, whatever its rows
     * @throws IOException if no broker answers or the topic does not fit
     */
    public CalibrationResult run(HeadFile head, Consumer<String> progress)
            throws IOException, CalibrationException, InterruptedException {
        requireRoom();
        Configuration flink = new Configuration();
        flink.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        return CalibrateJob.run(
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, flink),
                config,
                head == null ? config.heads() : head.source(),
                progress);
    }

    /** Tasks check it too, on whatever machine they run; here it is a line and no job begins. */
    private void requireRoom() throws CalibrationException {
        try {
            config.settings().detecting().requireRoom(Runtime.getRuntime().maxMemory());
        } catch (IllegalArgumentException e) {
            throw new CalibrationException(e.getMessage(), e);
        }
    }

    /** Says what was found, without publishing anything. */
    public CalibrationReport dryRun(CalibrationResult result) {
        return CalibrationReport.of(result, false, null);
    }

    /**
     * Publishes an accepted baseline, and asks for it where that is wished.
     *
     * @param wish when the model is to be judged by it; null for not yet
     * @param now the brokers' time, microseconds since the epoch
     * @throws IOException if the brokers do not take it, or it cannot take effect when wished
     */
    public CalibrationReport publish(
            CalibrationResult result, ActivationWish wish, LongSupplier now) throws IOException {
        CalibrateJob.publish(result, config);
        ActivationReport activation =
                wish == null
                        ? null
                        : new BaselineAdmin(client, topicPrefix, now)
                                .activate(result.baseline().id(), wish);
        return CalibrationReport.of(result, true, activation);
    }
}
