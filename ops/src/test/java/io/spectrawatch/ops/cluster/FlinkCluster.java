package io.spectrawatch.ops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.process.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Flink session cluster of child JVMs on the loopback address, made from the libraries on the
 * class path instead of Flink's distribution.
 *
 * <pre>{@code
 * try (FlinkCluster cluster = FlinkCluster.start(folder, Map.of("taskmanager.numberOfTaskSlots", "2"))) {
 *     int taskManager = cluster.startTaskManager();
 *     cluster.awaitTaskManagers(1);
 *     submitTo(cluster.rest());
 *     cluster.killTaskManager(taskManager);
 * }
 * }</pre>
 *
 * <p>Native libraries are in the class path of these JVMs, never in a job's jar: see {@link
 * JobJar}. Meant for demonstrations and tests of faults; there is no standby for the JobManager.
 */
public final class FlinkCluster implements AutoCloseable {

    private static final String JOB_MANAGER =
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER =
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final String HOST = "127.0.0.1";
    private static final int JOB_MANAGER_HEAP = 384;
    private static final int TASK_HEAP = 256;

    /** As in Flink's start scripts: options of every virtual machine, separated by spaces. */
    private static final String JAVA_OPTIONS = "env.java.opts.all";

    private final Path folder;
    private final List<String> javaOptions;
    private final RestClient rest;
    private final JvmMemory jobMemory = JvmMemory.ofJobManager(JOB_MANAGER_HEAP);
    private final JvmMemory taskMemory = JvmMemory.ofTaskManager(TASK_HEAP);
    private final Map<Integer, ChildJvm> taskManagers = new TreeMap<>();
    private ChildJvm jobManager;
    private int started;

    private FlinkCluster(Path folder, int restPort, List<String> javaOptions) {
        this.folder = folder;
        this.javaOptions = javaOptions;
        this.rest = new RestClient(URI.create("http://" + HOST + ":" + restPort));
    }

    /**
     * Starts a JobManager and returns once it answers; it has no TaskManager yet.
     *
     * @param folder takes configuration, logs and temporary files; created where it is missing
     * @param settings Flink's own options, over those set here; {@value #JAVA_OPTIONS} is heeded as
     *     by Flink's start scripts
     * @throws IOException if it does not answer within five minutes; the message ends with its log
     */
    public static FlinkCluster start(Path folder, Map<String, String> settings) throws IOException {
        Files.createDirectories(folder.resolve("tmp"));
        String given = settings.getOrDefault(JAVA_OPTIONS, "");
        List<String> javaOptions = given.isEmpty() ? List.of() : List.of(given.split(" +"));
        FlinkCluster cluster = new FlinkCluster(folder, FreePort.next(), javaOptions);
        cluster.writeConfiguration(FreePort.next(), settings);
        cluster.jobManager = cluster.launch("jobmanager", cluster.jobMemory, JOB_MANAGER);
        try {
            cluster.awaitTaskManagers(0);
        } catch (IOException e) {
            cluster.jobManager.kill();
            throw e;
        }
        return cluster;
    }

    /** Where the cluster takes jobs. */
    public URI rest() {
        return rest.address();
    }

    /**
     * Starts a further TaskManager and returns at once; it registers by itself.
     *
     * @return its number, counted from 0
     */
    public int startTaskManager() throws IOException {
        int number = started++;
        taskManagers.put(
                number,
                launch(
                        "taskmanager-" + number,
                        taskMemory,
                        TASK_MANAGER,
                        "-D",
                        "taskmanager.resource-id=tm-" + number));
        return number;
    }

    /** Ends a TaskManager's JVM without any warning, by SIGKILL. */
    public void killTaskManager(int number) {
        ChildJvm taskManager = taskManagers.remove(number);
        if (taskManager == null) {
            throw new IllegalArgumentException(
                    "no TaskManager " + number + " runs, only " + taskManagers.keySet());
        }
        taskManager.kill();
    }

    /**
     * Waits until at least so many TaskManagers are registered.
     *
     * @throws IOException if that takes five minutes, or a JVM of the cluster has ended
     */
    public void awaitTaskManagers(int count) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            requireAlive(jobManager);
            for (ChildJvm taskManager : taskManagers.values()) {
                requireAlive(taskManager);
            }
            JsonNode overview = rest.tryGet("/overview");
            if (overview != null && overview.path("taskmanagers").asInt() >= count) {
                return;
            }
            pause();
        }
        throw new IOException(
                count
                        + " TaskManagers did not register within "
                        + START_LIMIT.toSeconds()
                        + " s; "
                        + jobManager.describe());
    }

    @Override
    public void close() {
        taskManagers.values().forEach(ChildJvm::close);
        taskManagers.clear();
        jobManager.close();
    }

    private ChildJvm launch(String name, JvmMemory memory, String mainClass, String... more)
            throws IOException {
        List<String> options = new ArrayList<>(memory.jvmOptions());
        // Killed JVMs leave Flink's files in their temporary folder.
        options.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
        options.addAll(javaOptions);
        List<String> arguments = new ArrayList<>(List.of("--configDir", folder.toString()));
        arguments.addAll(List.of(more));
        return ChildJvm.named(name)
                .classPath(ClusterClassPath.entries())
                .options(options.toArray(String[]::new))
                .log(folder.resolve(name + ".log"))
                .start(mainClass, arguments.toArray(String[]::new));
    }

    private void writeConfiguration(int rpcPort, Map<String, String> settings) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("jobmanager.rpc.address", HOST);
        all.put("jobmanager.bind-host", HOST);
        all.put("jobmanager.rpc.port", Integer.toString(rpcPort));
        all.put("rest.address", HOST);
        all.put("rest.bind-address", HOST);
        all.put("rest.port", Integer.toString(rest.address().getPort()));
        all.put("taskmanager.host", HOST);
        all.put("taskmanager.bind-host", HOST);
        all.put("taskmanager.cpu.cores", "1.0");
        all.put("taskmanager.numberOfTaskSlots", "1");
        all.put("io.tmp.dirs", folder.resolve("tmp").toString());
        // Memory that the virtual machine does not watch: direct buffers, native libraries.
        all.put("taskmanager.jvm-exit-on-oom", "true");
        all.put("classloader.parent-first-patterns.additional", "ai.onnxruntime.;org.bytedeco.");
        // A JVM that was killed is gone at once; Flink's 50 s are for networks.
        all.put("heartbeat.interval", "1 s");
        all.put("heartbeat.timeout", "10 s");
        all.putAll(jobMemory.flinkOptions());
        all.putAll(taskMemory.flinkOptions());
        all.putAll(settings);
        List<String> lines = new ArrayList<>();
        all.forEach((key, value) -> lines.add(key + ": \"" + value + "\""));
        Files.write(folder.resolve("config.yaml"), lines, StandardCharsets.UTF_8);
    }

    private static void requireAlive(ChildJvm child) throws IOException {
        if (!child.isAlive()) {
            throw new IOException(child.describe());
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the cluster started", e);
        }
    }
}
