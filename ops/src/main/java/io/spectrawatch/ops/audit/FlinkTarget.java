package io.spectrawatch.ops.audit;

import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Where an audit's replay runs.
 *
 * @param host of a cluster's REST endpoint, null for a runtime in this process
 * @param port of that endpoint
 * @param jars what the cluster needs to run the job
 * @param parallelism subtasks per operator
 */
public record FlinkTarget(String host, int port, List<Path> jars, int parallelism) {

    private static final String LOOPBACK = "127.0.0.1";

    /** A Flink runtime in this process, as wide as the machine. */
    public static FlinkTarget embedded() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new FlinkTarget(null, 0, List.of(), cores);
    }

    /** A cluster that runs already. */
    public static FlinkTarget cluster(String host, int port, List<Path> jars, int parallelism) {
        return new FlinkTarget(host, port, List.copyOf(jars), parallelism);
    }

    StreamExecutionEnvironment environment() {
        if (host == null) {
            Configuration flink = new Configuration();
            flink.set(RestOptions.BIND_ADDRESS, LOOPBACK);
            flink.set(RestOptions.ADDRESS, LOOPBACK);
            return StreamExecutionEnvironment.createLocalEnvironment(parallelism, flink);
        }
        String[] files = jars.stream().map(Path::toString).toArray(String[]::new);
        return StreamExecutionEnvironment.createRemoteEnvironment(host, port, files);
    }
}
