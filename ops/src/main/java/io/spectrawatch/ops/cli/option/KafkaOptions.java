package io.spectrawatch.ops.cli.option;

import io.spectrawatch.flink.settings.SharedSettings;
import io.spectrawatch.ops.admin.AccessCheck;
import io.spectrawatch.ops.admin.NotAllowedException;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.fetch.BrokersAway;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import picocli.CommandLine.Option;

/** How every command reaches Kafka; the options are named as in Kafka's own tools. */
public final class KafkaOptions {

    /** A broker that does not answer within this, or what the file says, is not there. */
    private static final String ANSWER_MILLIS = "8000";

    private static final String TIMEOUT = "default.api.timeout.ms";

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT,...",
            required = true,
            description = "Kafka brokers to connect to.")
    private String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Properties file for Kafka clients: security and the like.")
    private Path commandConfig;

    @Option(
            names = "--command-property",
            paramLabel = "KEY=VALUE",
            description = "One property for Kafka clients, secrets excepted; repeatable.")
    private Map<String, String> commandProperties = new HashMap<>();

    @Option(
            names = "--topic-prefix",
            defaultValue = Topics.DEFAULT_PREFIX,
            description = "Prefix of all topics (default: ${DEFAULT-VALUE}).")
    private String topicPrefix;

    public String topicPrefix() {
        return topicPrefix;
    }

    public String bootstrapServer() {
        return bootstrapServer;
    }

    /** The file of client properties, or null. */
    public Path commandConfig() {
        return commandConfig;
    }

    /** Client properties: the file first, single properties over it, the address last. */
    public Map<String, Object> clientProperties() throws IOException {
        Secrets.refuseOnCommandLine("--command-property", commandProperties.keySet());
        Map<String, Object> properties = new HashMap<>(fileProperties());
        properties.putAll(commandProperties);
        if (bootstrapServer != null) {
            properties.put(SharedSettings.BOOTSTRAP_SERVERS.key(), bootstrapServer);
        }
        return properties;
    }

    /**
     * Connects and makes sure that the client may do what a process does.
     *
     * @throws IOException if no broker answers or a right is missing; the message names it
     */
    public Admin connect(Role role) throws IOException {
        return connect(role, RoleIds.defaults(topicPrefix));
    }

    /** As {@link #connect(Role)}, where the process goes by other names than the defaults. */
    public Admin connect(Role role, Role.Ids ids) throws IOException {
        Admin admin = connect();
        try {
            new AccessCheck(admin, clientProperties()).require(role, ids);
            return admin;
        } catch (InterruptedException e) {
            close(admin);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + bootstrapServer, e);
        } catch (IOException | RuntimeException e) {
            close(admin);
            throw e;
        }
    }

    /** The same refusal, with the client's name. */
    public IOException denied(NotAllowedException e) throws IOException {
        return new IOException(
                AccessCheck.principal(clientProperties())
                        + " may not "
                        + AccessCheck.describe(List.of(e.right())),
                e);
    }

    /**
     * Connects an administration client and makes sure that a broker answers.
     *
     * @throws IOException if none answers within 8 seconds (or the client's own
     *     default.api.timeout.ms), or one refuses the client
     */
    public Admin connect() throws IOException {
        Map<String, Object> properties = clientProperties();
        long patience = Long.parseLong(properties.getOrDefault(TIMEOUT, ANSWER_MILLIS).toString());
        properties.putIfAbsent(TIMEOUT, "30000");
        properties.putIfAbsent("request.timeout.ms", "5000");
        Admin admin;
        try {
            admin = Admin.create(BrokersAway.tryOn(properties));
        } catch (KafkaException e) {
            throw new IOException(
                    "cannot use --bootstrap-server " + bootstrapServer + ": " + rootMessage(e), e);
        }
        try {
            admin.describeCluster().nodes().get(patience, TimeUnit.MILLISECONDS);
            return admin;
        } catch (TimeoutException | ExecutionException e) {
            close(admin);
            if (e.getCause() instanceof AuthenticationException) {
                throw new IOException(
                        "the broker at "
                                + bootstrapServer
                                + " refused the credentials of --command-config: "
                                + e.getCause().getMessage(),
                        e);
            }
            throw new IOException(
                    "no Kafka broker answered at "
                            + bootstrapServer
                            + " within "
                            + patience / 1000
                            + " s; is it running, and are --command-config's security settings right?",
                    e);
        } catch (InterruptedException e) {
            close(admin);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + bootstrapServer, e);
        }
    }

    /**
     * Counts a topic's partitions.
     *
     * @throws IOException if it does not exist, or no broker says
     */
    public static int partitions(Admin admin, String topic) throws IOException {
        try {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            throw new IOException("cannot describe " + topic + ": " + rootMessage(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while describing " + topic, e);
        }
    }

    private static void close(Admin admin) {
        admin.close(java.time.Duration.ZERO);
    }

    private Map<String, String> fileProperties() throws IOException {
        return commandConfig == null ? Map.of() : load(commandConfig);
    }

    /** Returns the file, or says that it cannot be read. */
    static Path readable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("cannot read the properties file " + file);
        }
        return file;
    }

    /** Reads a properties file. */
    static Map<String, String> load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(readable(file))) {
            properties.load(reader);
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k)));
        return values;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
