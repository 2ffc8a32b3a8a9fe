package io.spectrawatch.ops.console;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.alert.AlertLog.Says;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.ops.web.WebServer;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** A console over records that a test hands it, in place of topics. */
final class ServedConsole implements AutoCloseable {

    static final long NOW = MadeAlerts.NOON + 60 * MadeAlerts.MINUTE;

    private final List<Alert> alerts = new ArrayList<>();
    private final List<AlertNote> notes = new ArrayList<>();
    private final History history = new History(100, 1_500);
    private final AlertBook book = new AlertBook(() -> NOW);
    private final Console console;
    private final WebServer server;
    private RelatedRecords behind = new RelatedRecords(List.of(), null);

    ServedConsole(WebConfig web) throws IOException {
        CollectorRegistry registry = new CollectorRegistry(true);
        Gauge.build("spectrawatch_lag_records", "Lag.")
                .labelNames("reader", "shard")
                .register(registry)
                .labels("ingest", "0")
                .set(12);
        console =
                new Console(
                        history,
                        book,
                        new Source(),
                        () ->
                                new ConsoleReader.Progress(
                                        Map.of("spectrawatch.alerts", 0L),
                                        List.of(),
                                        0,
                                        null,
                                        null),
                        registry,
                        new ConsoleSettings(
                                90,
                                null,
                                "https://traces.example/{traceId}",
                                "https://docs.example/ops/docs",
                                CommandLines.of("broker:9092", null, null),
                                web.hasResponder()),
                        () -> NOW,
                        () -> {});
        server =
                WebServer.start(
                        registry, console.pages(), new InetSocketAddress("127.0.0.1", 0), web);
    }

    /** Reading is open, and on-call with the password secret may write. */
    static WebConfig responder(Path folder) throws IOException {
        return WebConfig.load(
                Files.write(
                        folder.resolve("web.properties"),
                        List.of("responder.username=on-call", "responder.password=secret")));
    }

    /** What the topics would have: memory. */
    private final class Source implements AlertSource {

        @Override
        public Alert at(long offset, String id) {
            return alerts.get((int) offset);
        }

        @Override
        public KnownAlert find(String id) throws IOException {
            throw new IOException("no alert " + id + " is recorded");
        }

        @Override
        public RelatedRecords behind(Alert alert) {
            return behind;
        }

        @Override
        public void say(Alert alert, AlertNoteKind kind, Says says, Long mutedUntil) {
            add(
                    AlertNote.newBuilder(MadeAlerts.note(alert, kind, 0, mutedUntil))
                            .setAuthor(says.author())
                            .setReason(says.reason())
                            .setWrittenAt(says.at())
                            .build());
        }
    }

    void add(SpecificRecord... records) {
        for (SpecificRecord each : records) {
            if (each instanceof Alert alert) {
                alerts.add(alert);
                book.accept(alert, alerts.size() - 1);
            } else if (each instanceof AlertNote note) {
                notes.add(note);
                book.accept(note);
            } else {
                history.accept(each);
            }
        }
    }

    void lieBehind(RelatedRecords records) {
        behind = records;
    }

    List<AlertNote> notes() {
        return notes;
    }

    String url() {
        return server.pagesUrl();
    }

    @Override
    public void close() {
        server.close();
        console.close();
    }
}
