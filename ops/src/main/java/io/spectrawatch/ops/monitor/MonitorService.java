package io.spectrawatch.ops.monitor;

import io.spectrawatch.flink.monitor.MemoryBudget;
import io.spectrawatch.flink.monitor.MonitorConfig;
import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.ops.cluster.FlinkRest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor job on a Flink cluster inside this JVM, with web interface, or on another one.
 *
 * <p>It starts from the newest completed checkpoint in its folder, so that stopping and starting
 * the process loses and repeats nothing.
 */
public final class MonitorService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorService.class);
    private static final long STOP_SECONDS = 20;

    private final JobClient job;
    private final CompletableFuture<JobExecutionResult> result;
    private final String webUrl;

    private MonitorService(JobClient job, String webUrl) {
        this.job = job;
        this.result = job.getJobExecutionResult();
        this.webUrl = webUrl;
    }

    /**
     * Starts the job.
     *
     * @param settings keys of {@link MonitorConfig}
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param folder where checkpoints are kept
     * @param webPort port of the web interface on the loopback address
     * @throws IOException if no broker answers or its topics do not fit; the message says which
     */
    public static MonitorService start(
            Map<String, String> settings, Map<String, Object> client, Path folder, int webPort)
            throws IOException {
        Configuration flink = new Configuration();
        flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        flink.set(RestOptions.ADDRESS, "127.0.0.1");
        flink.set(RestOptions.PORT, webPort);
        // Without this the server of job files listens on every address, to everybody; and who may
        // upload a jar through the web interface may run code as this process.
        flink.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        flink.set(WebOptions.SUBMIT_ENABLE, false);
        flink.set(WebOptions.CANCEL_ENABLE, false);
        flink.set(
                TaskManagerOptions.NUM_TASK_SLOTS,
                Integer.parseInt(settings.getOrDefault(MonitorConfig.PARALLELISM, "1")));
        return run(
                settings,
                client,
                folder,
                flink,
                StreamExecutionEnvironment::createLocalEnvironmentWithWebUI,
                "http://127.0.0.1:" + webPort);
    }

    /**
     * Runs the job on a Flink cluster, with the job jar, and cancels it when closed.
     *
     * @param settings keys of {@link MonitorConfig}
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param folder where checkpoints are kept; the cluster's machines must see it, too
     * @param rest address of the cluster, for example {@code http://localhost:8081}
     * @throws IOException if no broker answers, its topics do not fit, or there is no job jar
     */
    public static MonitorService submit(
            Map<String, String> settings, Map<String, Object> client, Path folder, URI rest)
            throws IOException {
        Map<String, String> own = new HashMap<>(settings);
        MemoryBudget.onACluster(own);
        return run(
                own, client, folder, new Configuration(), FlinkRest.connect(rest), rest.toString());
    }

    private static MonitorService run(
            Map<String, String> settings,
            Map<String, Object> client,
            Path folder,
            Configuration flink,
            Function<Configuration, StreamExecutionEnvironment> environment,
            String webUrl)
            throws IOException {
        Map<String, String> own = new HashMap<>(settings);
        own.putIfAbsent(MonitorConfig.PARALLELISM, "1");
        own.put(MonitorConfig.CHECKPOINT_DIR, folder.toUri().toString());
        MonitorConfig config = MonitorConfig.fromMap(own, client);
        MonitorJob.check(config);

        flink.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        Optional<Path> checkpoint = CheckpointFolder.newest(folder);
        checkpoint.ifPresent(
                path -> flink.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
        LOG.info("monitor starts from {}", checkpoint.map(Path::toString).orElse("no checkpoint"));

        StreamExecutionEnvironment env = environment.apply(flink);
        MonitorJob.build(env, config);
        try {
            return new MonitorService(env.executeAsync(MonitorJob.NAME), webUrl);
        } catch (Exception e) {
            throw new IOException("cannot start the monitor job: " + e.getMessage(), e);
        }
    }

    /** Where Flink's web interface is. */
    public String webUrl() {
        return webUrl;
    }

    /** Fails if the job has ended, with what ended it. */
    public void check() {
        if (result.isDone()) {
            throw new IllegalStateException("the monitor job has ended", failure());
        }
    }

    /**
     * Waits until the job ends: a bounded replay when it is through, any other when it fails.
     *
     * @throws IOException if it failed
     */
    public void join() throws IOException, InterruptedException {
        try {
            result.get();
        } catch (ExecutionException e) {
            throw new IOException("the monitor job failed: " + e.getCause().getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (result.isDone()) {
            return;
        }
        try {
            job.cancel().get(STOP_SECONDS, TimeUnit.SECONDS);
            result.handle((r, e) -> r).get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the monitor job did not stop in order: {}", e.getMessage());
        }
    }

    private Throwable failure() {
        try {
            return result.handle((r, e) -> e).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (ExecutionException e) {
            return e;
        }
    }
}
