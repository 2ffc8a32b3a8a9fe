package io.spectrawatch.ops.broker;

import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker (KRaft, one node) in a child JVM, reachable on the loopback address only.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
 *     connect(broker.bootstrapServers());
 * }
 * }</pre>
 *
 * It keeps its data below the given folder, so a broker that is stopped or killed and then
 * {@linkplain #restart() restarted} goes on where it was, on the same port. Meant for the demo and
 * for tests, not for production: one replica of everything.
 */
public final class EmbeddedBroker implements AutoCloseable {

    /** It takes two seconds; a machine that builds on every core may need a minute. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private final int securedPort;
    private final SecuredListener secured;
    private final String clusterId = Uuid.randomUuid().toString();
    private ChildJvm process;

    private EmbeddedBroker(
            Path folder, int port, int controllerPort, int securedPort, SecuredListener secured) {
        this.folder = folder;
        this.port = port;
        this.controllerPort = controllerPort;
        this.securedPort = securedPort;
        this.secured = secured;
    }

    /**
     * A listener beside the plain one, which stays for the broker itself.
     *
     * @param protocol SSL or SASL_SSL
     * @param properties the broker's further properties: keystore, users, authorizer
     */
    public record SecuredListener(String protocol, Map<String, String> properties) {}

    /**
     * Starts a broker and returns once it answers.
     *
     * @param folder keeps the broker's data, configuration and log; created where it is missing
     * @throws IOException if it does not answer within three minutes; the message ends with its log
     */
    public static EmbeddedBroker start(Path folder) throws IOException {
        return start(folder, null);
    }

    /**
     * Starts a broker with a secured listener as well.
     *
     * @param secured null for none
     * @throws IOException as in {@link #start(Path)}
     */
    public static EmbeddedBroker start(Path folder, SecuredListener secured) throws IOException {
        Files.createDirectories(folder);
        EmbeddedBroker broker;
        try (ServerSocket first = freeSocket();
                ServerSocket second = freeSocket();
                ServerSocket third = freeSocket()) {
            broker =
                    new EmbeddedBroker(
                            folder,
                            first.getLocalPort(),
                            second.getLocalPort(),
                            third.getLocalPort(),
                            secured);
        }
        broker.writeProperties();
        broker.restart();
        return broker;
    }

    private static ServerSocket freeSocket() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** Address of the secured listener. */
    public String securedServers() {
        return "127.0.0.1:" + securedPort;
    }

    /** Address for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Starts the child JVM again after {@link #kill()} or {@link #stop()}, with the same data. */
    public void restart() throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("the broker on port " + port + " is running");
        }
        process =
                ChildJvm.named("broker")
                        .options(
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-Dlog4j2.configurationFile=classpath:broker-log4j2.properties")
                        .log(folder.resolve("broker.log"))
                        .start(
                                EmbeddedBrokerMain.class.getName(),
                                properties().toString(),
                                clusterId);
        try {
            awaitAnswer();
        } catch (IOException e) {
            kill();
            throw e;
        }
    }

    /** Processor time that the broker has taken since it was last started. */
    public Duration processorTime() {
        return process.processorTime();
    }

    /** Ends the broker's JVM without any warning, as a power failure would. */
    public void kill() {
        process.kill();
    }

    /** Shuts the broker down in order. */
    public void stop() {
        process.stop();
    }

    @Override
    public void close() {
        stop();
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrapServers());
        client.put("default.api.timeout.ms", "5000");
        client.put("request.timeout.ms", "2000");
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (listening()) {
                try (Admin admin = Admin.create(client)) {
                    admin.describeCluster().nodes().get(5, TimeUnit.SECONDS);
                    return;
                } catch (ExecutionException | TimeoutException e) {
                    // not yet: it listens before it is registered
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while the broker started", e);
                }
            }
            pause();
        }
        throw new IOException(
                "no answer within " + START_LIMIT.toSeconds() + " s: " + process.describe());
    }

    private boolean listening() {
        try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker started", e);
        }
    }

    private void writeProperties() throws IOException {
        String more = secured == null ? "" : ",SECURED://127.0.0.1:" + securedPort;
        String protocol = secured == null ? "" : ",SECURED:" + secured.protocol();
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "process.roles=broker,controller",
                                "node.id=1",
                                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                                "listeners=PLAINTEXT://127.0.0.1:"
                                        + port
                                        + ",CONTROLLER://127.0.0.1:"
                                        + controllerPort
                                        + more,
                                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port + more,
                                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
                                        + protocol,
                                "inter.broker.listener.name=PLAINTEXT",
                                "controller.listener.names=CONTROLLER",
                                "log.dirs=" + folder.resolve("data").toAbsolutePath(),
                                "auto.create.topics.enable=false",
                                "message.max.bytes="
                                        + (Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES),
                                "replica.fetch.max.bytes="
                                        + (Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES),
                                "offsets.topic.replication.factor=1",
                                "offsets.topic.num.partitions=1",
                                "transaction.state.log.replication.factor=1",
                                "transaction.state.log.min.isr=1",
                                "transaction.state.log.num.partitions=1",
                                "share.coordinator.state.topic.replication.factor=1",
                                "share.coordinator.state.topic.min.isr=1",
                                "group.initial.rebalance.delay.ms=0",
                                "broker.heartbeat.interval.ms=500",
                                "broker.session.timeout.ms=3000"));
        if (secured != null) {
            secured.properties().forEach((key, value) -> lines.add(key + "=" + value));
        }
        Files.write(properties(), lines, StandardCharsets.UTF_8);
    }

    private Path properties() {
        return folder.resolve("server.properties");
    }
}
