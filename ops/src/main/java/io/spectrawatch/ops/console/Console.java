package io.spectrawatch.ops.console;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.console.store.ConsoleStore;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.topic.CommittedReader;
import io.spectrawatch.ops.web.Caller;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.PathHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Pages about models and alerts, from the topics: a start goes on where the store ends, or without
 * one reads them anew. The pages are served by whoever takes {@link #pages}.
 */
public final class Console implements AutoCloseable {

    private static final int MOST_MODELS = 500;
    private static final int MOST_PARTS = 2_000;
    private static final long MICROS_PER_MILLI = 1000;

    private final EventStream events;
    private final HttpHandler pages;
    private final Runnable endReading;

    Console(
            History history,
            AlertBook alerts,
            AlertSource source,
            Supplier<ConsoleReader.Progress> progress,
            CollectorRegistry registry,
            ConsoleSettings settings,
            LongSupplier clock,
            Runnable endReading)
            throws IOException {
        this.endReading = endReading;
        this.events = new EventStream(() -> alerts.changes() + " " + history.changes());
        ModelApi models = new ModelApi(history, alerts);
        PartApi parts = new PartApi(history);
        SamplesApi samples = new SamplesApi(history);
        AlertApi about = new AlertApi(alerts, source, settings);
        HealthApi health = new HealthApi(registry, history, progress);
        Runbooks runbooks = new Runbooks();
        ConsoleHandler handler =
                new ConsoleHandler(new NoteApi(about, source, clock))
                        .add("/api/fleet", exchange -> models.fleet())
                        .add("/api/model", exchange -> models.model(new Query(exchange).model()))
                        .add(
                                "/api/layer",
                                exchange -> {
                                    Query query = new Query(exchange);
                                    return parts.layer(query.model(), query.required("layer"));
                                })
                        .add(
                                "/api/interface",
                                exchange -> {
                                    Query query = new Query(exchange);
                                    return parts.between(
                                            query.model(), query.required("interface"));
                                })
                        .add(
                                "/api/samples",
                                exchange -> samples.samples(new Query(exchange).model()))
                        .add("/api/alerts", exchange -> about.list(new Query(exchange)))
                        .add(
                                "/api/alert",
                                exchange -> about.one(new Query(exchange).required("id")))
                        .add("/api/health", exchange -> health.health())
                        .add(
                                "/api/runbook",
                                exchange ->
                                        Trees.object()
                                                .put(
                                                        "text",
                                                        runbooks.of(
                                                                new Query(exchange)
                                                                        .required("kind"))))
                        .add(
                                "/api/session",
                                exchange ->
                                        Trees.object()
                                                .put("name", Caller.of(exchange).name())
                                                .put("responds", Caller.of(exchange).responds())
                                                .put("writable", settings.writable())
                                                .put("traceUrl", settings.traceUrl())
                                                .put("runbookUrl", settings.runbookUrl())
                                                .put("standing", alerts.standing())
                                                .set("reading", health.reading()));
        this.pages = new PathHandler(handler).addExactPath("/api/events", events);
    }

    /**
     * Starts reading.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param prefix prefix of the topics' names
     * @param registry where the metrics of the pipeline are, for the page of its health
     * @throws IOException if the store cannot be used; the message says what to do
     */
    public static Console start(
            Map<String, Object> client,
            String prefix,
            CollectorRegistry registry,
            ConsoleSettings settings)
            throws IOException {
        LongSupplier clock = () -> System.currentTimeMillis() * MICROS_PER_MILLI;
        History history = new History(MOST_MODELS, MOST_PARTS);
        AlertBook alerts = new AlertBook(clock);
        long since =
                System.currentTimeMillis() - Duration.ofDays(settings.historyDays()).toMillis();
        ConsoleStore store = store(client, prefix, settings.store());
        Consumer<byte[], byte[]> consumer = null;
        ConsoleReader reader;
        try {
            consumer = CommittedReader.open(client, "earliest");
            reader = new ConsoleReader(consumer, history, alerts, store);
            reader.start(prefix, Math.max(0, since));
        } catch (IOException | RuntimeException e) {
            close(consumer, store);
            throw e;
        }
        return new Console(
                history,
                alerts,
                new TopicAlerts(client, prefix, clock),
                reader::progress,
                registry,
                settings,
                clock,
                reader::close);
    }

    private static void close(Consumer<byte[], byte[]> consumer, ConsoleStore store) {
        if (consumer != null) {
            consumer.close();
        }
        if (store != null) {
            store.close();
        }
    }

    /** Null where none is wanted. */
    private static ConsoleStore store(
            Map<String, Object> client, String prefix, ConsoleSettings.Store settings)
            throws IOException {
        if (settings == null) {
            return null;
        }
        String cluster;
        try (Admin admin = Admin.create(client)) {
            cluster = admin.describeCluster().clusterId().get();
        } catch (ExecutionException e) {
            throw new IOException("cannot ask the brokers whose they are: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        return ConsoleStore.open(settings.folder(), cluster, prefix, settings.mostBytes());
    }

    /** Serves the pages at {@code /}. */
    public HttpHandler pages() {
        return pages;
    }

    @Override
    public void close() {
        events.close();
        endReading.run();
    }
}
