package io.spectrawatch.ingest.service;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.AdminEndOffsets;
import io.spectrawatch.ingest.clock.EndOffsets;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.clock.ReadPositions;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.config.IngestException;
import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.ingest.model.KafkaModelRegister;
import io.spectrawatch.ingest.topology.IngestMetrics;
import io.spectrawatch.ingest.topology.IngestTopology;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.fetch.BrokersAway;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest service: from the activations topic to the validated log, exactly once.
 *
 * <pre>{@code
 * try (IngestService ingest =
 *         new IngestService(
 *                 IngestConfig.fromMap(Map.of("pane.ms", "60000")),
 *                 Map.of("bootstrap.servers", "localhost:9092"),
 *                 IngestClock.system(),
 *                 CollectorRegistry.defaultRegistry)) {
 *     ingest.start();
 *     ingest.awaitStopped();
 * }
 * }</pre>
 *
 * <p>A stream thread that dies is replaced; when more than five die within five minutes the service
 * stops and {@link #failure()} says why. The topics must exist; the number of shards is read from
 * them at the start and must not change while the service runs.
 */
public final class IngestService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

    private final IngestConfig config;
    private final Map<String, Object> kafka;
    private final IngestClock clock;
    private final CollectorRegistry registry;
    private final FailurePolicy failures = new FailurePolicy(System::nanoTime);
    private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Admin admin;
    private KafkaModelRegister register;
    private volatile KafkaStreams streams;

    /**
     * @param kafka client settings, {@code bootstrap.servers} at least; Kafka Streams' own may be
     *     among them, except those that carry the service's guarantees
     * @param clock drives idle shards
     * @param registry takes the metrics {@code spectrawatch_ingest_*}
     */
    public IngestService(
            IngestConfig config,
            Map<String, ?> kafka,
            IngestClock clock,
            CollectorRegistry registry) {
        if (!kafka.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new ConfigException(
                    "missing setting '" + CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG + "'");
        }
        this.config = config;
        this.kafka = new HashMap<>(kafka);
        this.clock = clock;
        this.registry = registry;
    }

    /** Calls the listener, on Kafka Streams' own threads, whenever the state changes. */
    public void onStateChange(Consumer<State> listener) {
        listeners.add(listener);
    }

    /**
     * Looks at the topics, within ten seconds, and starts the stream threads.
     *
     * @throws IngestException if no broker answers, or the topics are not as they should be
     */
    public synchronized void start() {
        if (streams != null) {
            throw new IllegalStateException("ingest has been started before");
        }
        admin = openAdmin();
        try {
            String servers = kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG).toString();
            TopicCheck check = new TopicCheck(admin, servers, PATIENCE);
            int shards = check.shards(config);
            LogForm form = check.logForm(config);
            LOG.info(
                    "{} holds {} of accepted snapshots",
                    Topics.VALIDATED.topicName(config.topicPrefix()),
                    form.name().toLowerCase(Locale.ROOT));
            startStreams(shards, config.withLogForm(form));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Admin openAdmin() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.putIfAbsent(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.putIfAbsent(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try {
            return Admin.create(BrokersAway.tryOn(settings));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IngestException("cannot reach Kafka: " + cause.getMessage(), e);
        }
    }

    private void startStreams(int shards, IngestConfig decided) {
        String activations = Topics.ACTIVATIONS.topicName(config.topicPrefix());
        EndOffsets endOffsets = new AdminEndOffsets(admin, activations);
        ReadPositions positions = new ReadPositions();
        Properties properties = StreamsProperties.of(config, kafka);
        register = KafkaModelRegister.open(config, properties, shards);
        IngestMetrics metrics = new IngestMetrics(registry, config.metricModels());
        streams =
                new KafkaStreams(
                        IngestTopology.build(
                                decided, clock, endOffsets, positions, register, shards, metrics),
                        properties,
                        new TrackingClients(new BoundedConsumers(), activations, positions));
        streams.setUncaughtExceptionHandler(failures);
        streams.setStateListener((now, before) -> changed(now));
        streams.start();
    }

    private void changed(State now) {
        if (now == State.RUNNING) {
            running.countDown();
        } else if (now == State.ERROR || now == State.NOT_RUNNING) {
            stopped.countDown();
            running.countDown();
        }
        listeners.forEach(listener -> listener.accept(now));
    }

    /**
     * Waits until every shard of this instance is being read.
     *
     * @return whether that is so; false if the time ran out or the service stopped
     */
    public boolean awaitRunning(Duration patience) throws InterruptedException {
        return running.await(patience.toMillis(), TimeUnit.MILLISECONDS)
                && state() == State.RUNNING;
    }

    /** Waits until the service has stopped, by {@link #close()} or because it gave up. */
    public void awaitStopped() throws InterruptedException {
        stopped.await();
    }

    /** Kafka Streams' state; CREATED before the start. */
    public State state() {
        KafkaStreams started = streams;
        return started == null ? State.CREATED : started.state();
    }

    /** The last failure of a stream thread, whether or not the service went on after it. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failures.last());
    }

    /**
     * Stops after the current transaction; what was not committed is repeated at the next start.
     */
    @Override
    public synchronized void close() {
        try {
            if (streams != null) {
                // Leaving the group hands the shards over at once; otherwise their clocks would
                // stand still until the session times out.
                streams.close(
                        CloseOptions.timeout(CLOSE_PATIENCE)
                                .withGroupMembershipOperation(
                                        CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            }
        } finally {
            stopped.countDown();
            running.countDown();
            if (register != null) {
                register.close();
            }
            if (admin != null) {
                admin.close(CLOSE_PATIENCE);
            }
        }
    }
}
