package io.spectrawatch.ops.cluster;

import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs jobs on a Flink cluster that is reached by its REST address. */
public final class FlinkRest {

    private FlinkRest() {}

    /**
     * Makes environments whose jobs run on the cluster, with the job jar.
     *
     * @param rest of the JobManager, for example {@code http://localhost:8081}
     * @return gives an environment for settings of the job and the client, by Flink's names
     * @throws IOException if the job jar is not found
     * @throws IllegalArgumentException if the address has another form
     */
    public static Function<Configuration, StreamExecutionEnvironment> connect(URI rest)
            throws IOException {
        if (!"http".equals(rest.getScheme()) || rest.getHost() == null || rest.getPort() < 0) {
            throw new IllegalArgumentException(
                    "the cluster's REST address must be http://HOST:PORT, found " + rest);
        }
        String jar = JobJar.find().toString();
        return settings ->
                StreamExecutionEnvironment.createRemoteEnvironment(
                        rest.getHost(), rest.getPort(), settings, jar);
    }
}
