package io.spectrawatch.ops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs jobs on a Flink cluster that is reached by its REST address. */
public final class FlinkRest {

    private FlinkRest() {}

    /**
     * The cluster's own parallelism, {@code parallelism.default} of its configuration: a job that
     * is submitted from another configuration does not have it by itself.
     *
     * @param rest of the JobManager, for example {@code http://localhost:8081}
     * @throws IOException if it does not answer
     */
    public static int parallelism(URI rest) throws IOException {
        JsonNode settings = new RestClient(rest).tryGet("/jobmanager/config");
        if (settings == null) {
            throw new IOException("no Flink JobManager answers at " + rest);
        }
        Configuration cluster = new Configuration();
        settings.forEach(
                setting ->
                        cluster.setString(
                                setting.path("key").asText(), setting.path("value").asText()));
        return cluster.get(CoreOptions.DEFAULT_PARALLELISM);
    }

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
