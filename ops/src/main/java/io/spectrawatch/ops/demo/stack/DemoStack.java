package io.spectrawatch.ops.demo.stack;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.console.Console;
import io.spectrawatch.ops.console.ConsoleSettings;
import io.spectrawatch.ops.exporter.Exporter;
import io.spectrawatch.ops.exporter.ExporterConfig;
import io.spectrawatch.ops.exporter.PipelineWatch;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Every service of the pipeline on this machine: broker, topics, ingest, monitor and exporter. */
public final class DemoStack implements AutoCloseable {

    public static final int SHARDS = 4;

    private static final String PREFIX = Topics.DEFAULT_PREFIX;
    private static final String REJECTED = "spectrawatch_ingest_rejected_total";
    private static final String ACCEPTED = "spectrawatch_ingest_snapshots_total";
    private static final String ACTIVATIONS = "spectrawatch_ingest_activations_total";

    /** Snapshots carry the clock's own time, so hardly any skew has to be allowed. */
    public static final long MAX_CLOCK_SKEW_MILLIS = 1000;

    /** It takes two seconds; a machine that builds on every core may need a minute. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    /** The demo's topics are as old as the demo, and its times as old as its texts. */
    private static final int HISTORY_DAYS = 3650;

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final CollectorRegistry registry = new CollectorRegistry(true);
    private EmbeddedBroker broker;
    private IngestService ingest;
    private MonitorService monitor;
    private Exporter exporter;

    private DemoStack() {}

    /**
     * Starts everything, in the order of the stream.
     *
     * @param monitor settings of the monitor job that this scenario wants
     */
    public static DemoStack start(
            DemoOptions options, Path folder, IngestClock clock, Map<String, String> monitor)
            throws IOException, InterruptedException {
        DemoStack stack = new DemoStack();
        try {
            stack.startBroker(folder);
            stack.startIngest(folder, clock);
            stack.startMonitor(options, folder, monitor);
            stack.startExporter(options);
            if (!stack.ingest.awaitRunning(START_LIMIT)) {
                throw new IOException(
                        "ingest did not start within " + START_LIMIT.toSeconds() + " s");
            }
            return stack;
        } catch (IOException | InterruptedException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private void startBroker(Path folder) throws IOException, InterruptedException {
        broker = opened(EmbeddedBroker.start(folder.resolve("broker")));
        try (Admin admin = Admin.create(client())) {
            // Synthetic times: the records' own, and never old enough to be deleted.
            new TopicAdmin(admin, PREFIX)
                    .create(
                            SHARDS,
                            (short) 1,
                            Map.of("message.timestamp.type", "CreateTime", "retention.ms", "-1"));
        } catch (ExecutionException e) {
            throw new IOException("cannot create the demo's topics", e);
        }
    }

    private void startIngest(Path folder, IngestClock clock) {
        Map<String, String> settings =
                Map.of(
                        IngestConfig.STATE_DIR,
                        folder.resolve("streams").toString(),
                        IngestConfig.PANE,
                        Long.toString(DemoClock.PANE_MICROS / 1000),
                        IngestConfig.LATENESS,
                        "1000",
                        IngestConfig.TICK_INTERVAL,
                        "200",
                        IngestConfig.MAX_CLOCK_SKEW,
                        Long.toString(MAX_CLOCK_SKEW_MILLIS),
                        IngestConfig.REQUIRE_APPEND_TIME,
                        "false");
        ingest =
                opened(
                        new IngestService(
                                IngestConfig.fromMap(settings), client(), clock, registry));
        ingest.start();
    }

    private void startMonitor(DemoOptions options, Path folder, Map<String, String> more)
            throws IOException {
        Map<String, String> settings = new HashMap<>(more);
        settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(SHARDS));
        monitor =
                opened(
                        MonitorService.start(
                                settings,
                                client(),
                                folder.resolve("checkpoints"),
                                portOr(options.webPort())));
    }

    private void startExporter(DemoOptions options) throws IOException {
        DefaultExports.register(registry);
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", options.metricsPort());
        Console console =
                opened(
                        Console.start(
                                client(),
                                PREFIX,
                                registry,
                                new ConsoleSettings(
                                        HISTORY_DAYS,
                                        null,
                                        "",
                                        "",
                                        CommandLines.of(broker.bootstrapServers(), null, null),
                                        false)));
        exporter =
                opened(
                        Exporter.start(
                                client(),
                                PREFIX,
                                null,
                                console.pages(),
                                address,
                                WebConfig.open(),
                                registry));
        opened(
                PipelineWatch.start(
                        client(),
                        PREFIX,
                        ExporterConfig.fromMap(Map.of(), client()).readers(),
                        registry));
    }

    public Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    public CollectorRegistry registry() {
        return registry;
    }

    public String describe() {
        return "broker "
                + broker.bootstrapServers()
                + "   Flink "
                + monitor.webUrl()
                + "   metrics "
                + exporter.url()
                + "   console "
                + exporter.pagesUrl();
    }

    public String metricsUrl() {
        return exporter.url();
    }

    /** Dead letters that ingest has counted. */
    public long rejected() {
        return count(REJECTED);
    }

    /** Snapshots that ingest has accepted. */
    public long accepted() {
        return count(ACCEPTED);
    }

    /** Activations that ingest has copied into shards, each counted once per shard. */
    long activations() {
        return count(ACTIVATIONS);
    }

    private long count(String name) {
        double count = 0;
        for (Collector.MetricFamilySamples family :
                Collections.list(registry.metricFamilySamples())) {
            for (Collector.MetricFamilySamples.Sample sample : family.samples) {
                if (sample.name.equals(name)) {
                    count += sample.value;
                }
            }
        }
        return (long) count;
    }

    /** Fails if a service has ended. */
    public void check() {
        monitor.check();
        if (ingest.state().hasCompletedShutdown()) {
            throw new IllegalStateException("ingest has ended", ingest.failure().orElse(null));
        }
    }

    /** Stops what was started, the last first; every service is given its chance. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("a service did not stop in order", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private <T extends AutoCloseable> T opened(T service) {
        started.push(service);
        return service;
    }

    private static int portOr(int port) throws IOException {
        if (port != 0) {
            return port;
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
