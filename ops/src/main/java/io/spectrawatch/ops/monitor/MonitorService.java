package io.spectrawatch.ops.monitor;

import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ops.cluster.FlinkRest;
import io.spectrawatch.ops.cluster.LocalSubtasks;
import io.spectrawatch.ops.cluster.RestClient;
import io.spectrawatch.ops.process.LastWords;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
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
    private static final long ENDED_STOP_SECONDS = 3;

    /** Flink's state of a job says nothing for as long as it waits to start it again. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Time for {@link JobWatch} to see why a job failed, before it is started again. */
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);

    /** The newest, and two to go back to by hand where it is damaged. */
    private static final int RETAINED_CHECKPOINTS = 3;

    private final JobClient job;
    private final CompletableFuture<JobExecutionResult> result;
    private final String webUrl;
    private final JobWatch watch;
    private volatile boolean ended;

    private MonitorService(JobClient job, String webUrl, boolean own) {
        this.job = job;
        this.result = job.getJobExecutionResult();
        this.webUrl = webUrl;
        this.watch =
                new JobWatch(
                        new RestClient(URI.create(webUrl))::tryGet,
                        job.getJobID().toHexString(),
                        own,
                        System::nanoTime);
    }

    /**
     * Starts the job.
     *
     * @param settings keys of {@link MonitorConfig}
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param folder where checkpoints are kept
     * @param webPort port of the web interface on the loopback address; 0 for a free one
     * @throws IOException if no broker answers, its topics do not fit, the port is taken, the
     *     folder cannot be written or its newest checkpoint is damaged; the message says which
     */
    public static MonitorService start(
            Map<String, String> settings, Map<String, Object> client, Path folder, int webPort)
            throws IOException {
        Configuration flink = new Configuration();
        flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        flink.set(RestOptions.ADDRESS, "127.0.0.1");
        int port = WebPort.choose(webPort);
        flink.set(RestOptions.PORT, port);
        // Without this the server of job files listens on every address, to everybody; and who may
        // upload a jar through the web interface may run code as this process.
        flink.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        flink.set(WebOptions.SUBMIT_ENABLE, false);
        flink.set(WebOptions.CANCEL_ENABLE, false);
        flink.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                FIRST_BACKOFF);
        Map<String, String> own = new HashMap<>(settings);
        own.put(
                MonitorDefinition.PARALLELISM.key(),
                Integer.toString(parallelism(settings, client)));
        flink.set(
                TaskManagerOptions.NUM_TASK_SLOTS,
                Integer.parseInt(own.get(MonitorDefinition.PARALLELISM.key())));
        return run(
                own,
                client,
                folder,
                flink,
                StreamExecutionEnvironment::createLocalEnvironmentWithWebUI,
                "http://127.0.0.1:" + port,
                true);
    }

    /**
     * Runs the job on a Flink cluster, with the job jar, and cancels it when closed.
     *
     * @param settings keys of {@link MonitorConfig}
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param folder where checkpoints are kept; the cluster's machines must see it, too
     * @param rest address of the cluster, for example {@code http://localhost:8081}
     * @throws IOException if no broker answers, its topics do not fit, no cluster answers, or there
     *     is no job jar
     */
    public static MonitorService submit(
            Map<String, String> settings, Map<String, Object> client, Path folder, URI rest)
            throws IOException {
        Map<String, String> own = new HashMap<>(settings);
        MemoryBudget.onACluster(own);
        Function<Configuration, StreamExecutionEnvironment> environment = FlinkRest.connect(rest);
        if (MonitorConfig.fromMap(own, client).parallelism() == 0) {
            int cluster = FlinkRest.parallelism(rest);
            own.put(MonitorDefinition.PARALLELISM.key(), Integer.toString(cluster));
        }
        return run(own, client, folder, new Configuration(), environment, rest.toString(), false);
    }

    /** Subtasks of the job in this process: as given, and for 0 one per processor and shard. */
    private static int parallelism(Map<String, String> settings, Map<String, Object> client) {
        Map<String, String> own = new HashMap<>(settings);
        own.putIfAbsent(MonitorDefinition.PARALLELISM.key(), "1");
        MonitorConfig config = MonitorConfig.fromMap(own, client);
        return LocalSubtasks.of(config.parallelism(), config.shards());
    }

    private static MonitorService run(
            Map<String, String> settings,
            Map<String, Object> client,
            Path folder,
            Configuration flink,
            Function<Configuration, StreamExecutionEnvironment> environment,
            String webUrl,
            boolean inProcess)
            throws IOException {
        Map<String, String> own = new HashMap<>(settings);
        own.put(MonitorDefinition.CHECKPOINT_DIR.key(), folder.toUri().toString());
        MonitorConfig config = MonitorConfig.fromMap(own, client);
        MonitorJob.check(config);

        flink.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        flink.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED_CHECKPOINTS);
        if (inProcess) {
            CheckpointFolder.requireWritable(folder);
        }
        Optional<Path> checkpoint = CheckpointFolder.newest(folder);
        if (checkpoint.isPresent()) {
            CheckpointFolder.requireWhole(folder, checkpoint.get());
        }
        checkpoint.ifPresent(
                path -> flink.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
        LOG.info("monitor starts from {}", checkpoint.map(Path::toString).orElse("no checkpoint"));

        StreamExecutionEnvironment env = environment.apply(flink);
        MonitorJob.build(env, config);
        try {
            return new MonitorService(env.executeAsync(MonitorJob.NAME), webUrl, inProcess);
        } catch (Exception e) {
            throw new IOException("cannot start the monitor job: " + LastWords.of(e), e);
        }
    }

    /** Where Flink's web interface is. */
    public String webUrl() {
        return webUrl;
    }

    /** Flink's name for what the job does at present. */
    String state() throws InterruptedException, ExecutionException {
        return job.getJobStatus().get().name();
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
     * @throws IOException if it failed, or its work has ended for good although Flink would start
     *     it again; the message names the cause in one line
     */
    public void join() throws IOException, InterruptedException {
        join(Optional::empty);
    }

    /**
     * As {@link #join()}, and ends for a further reason.
     *
     * @param reason asked every second; empty while the job may go on
     */
    public void join(Supplier<Optional<String>> reason) throws IOException, InterruptedException {
        while (true) {
            try {
                result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                throw new IOException("the monitor job failed: " + LastWords.of(e), e);
            } catch (TimeoutException running) {
                Optional<String> end = reason.get();
                if (end.isEmpty()) {
                    end = watch.ended();
                }
                if (end.isPresent()) {
                    ended = true;
                    throw new IOException("the monitor has ended: " + end.get());
                }
            }
        }
    }

    @Override
    public void close() {
        if (result.isDone()) {
            return;
        }
        // A job that has ended may have nothing left that could cancel it, but if it has, it may
        // not start again.
        long patience = ended ? ENDED_STOP_SECONDS : STOP_SECONDS;
        try {
            job.cancel().get(patience, TimeUnit.SECONDS);
            result.handle((r, e) -> r).get(patience, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the monitor job did not stop in order: {}", LastWords.of(e));
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
