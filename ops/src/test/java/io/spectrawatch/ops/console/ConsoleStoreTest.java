package io.spectrawatch.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.alert.AlertFilter;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.alert.words.AlertJson;
import io.spectrawatch.ops.console.store.ConsoleStore;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.console.store.WatchedModel;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.InterfaceCertificate;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console after a restart, beside one that was not restarted. */
class ConsoleStoreTest {

    private static final long ROOM = 64L << 20;
    private static final TopicPartition TOPIC = new TopicPartition("spectrawatch.all", 0);
    private static final WatchedModel MODEL = new WatchedModel("gpt", "3", null);

    @TempDir private Path folder;

    /** What one console remembers. */
    private static final class Memory {
        private final History history = new History(100, 1_500);
        private final AlertBook book = new AlertBook(() -> ServedConsole.NOW);
        private long offset;
        private ConsoleStore store;

        void accept(SpecificRecord... records) {
            for (SpecificRecord each : records) {
                if (each instanceof Alert alert) {
                    book.accept(alert, offset);
                    if (store != null) {
                        store.accept(0, offset, alert);
                    }
                } else if (each instanceof AlertNote note) {
                    book.accept(note);
                    if (store != null) {
                        store.accept(0, offset, note);
                    }
                } else {
                    history.accept(each);
                }
                offset++;
            }
        }

        void open(Path folder) throws Exception {
            store = ConsoleStore.open(folder, "cluster", "spectrawatch.", ROOM);
            Map<TopicPartition, Long> from =
                    store.restore(history, book, Map.of(TOPIC, Long.MAX_VALUE));
            offset = from.getOrDefault(TOPIC, 0L);
        }

        void commit() {
            store.commit(history, Map.of(TOPIC, offset));
            assertNull(store.failure());
        }

        /** All that the pages say. */
        JsonNode said() throws Exception {
            ObjectNode said = Trees.object();
            ModelApi models = new ModelApi(history, book);
            said.set("fleet", models.fleet());
            said.set("model", models.model(MODEL));
            PartApi parts = new PartApi(history);
            said.set("layer", parts.layer(MODEL, "h.0"));
            said.set("interface", parts.between(MODEL, "h.0->h.1"));
            said.set("samples", new SamplesApi(history).samples(MODEL));
            AlertFilter all = new AlertFilter(null, null, null, null, false);
            said.set("alerts", AlertJson.of(book.list(all, true, 100)));
            said.put("offset", book.offset("0aa1"));
            said.put("precision", book.precision().toString());
            return said;
        }
    }

    private static SpecificRecord[] first() {
        Alert drift = MadeAlerts.drift("0aa1", AlertTransition.RAISED, 5);
        return new SpecificRecord[] {
            MadeRecords.sketch("gpt", "h.0", 0, 1, 1.2),
            MadeRecords.sketch("gpt", "h.0", 0, 2, 1.3),
            MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", 1, 0.5),
            MadeRecords.scores("gpt", "r1", "c1", 1, 0.5),
            MadeRecords.scores("gpt", "r2", "c1", 2, 0.002),
            MadeRecords.exceedances("gpt", 1, 200, 3),
            drift,
            MadeAlerts.note(drift, AlertNoteKind.TRUE_ALARM, 6, null),
        };
    }

    private static SpecificRecord[] more() {
        InterfaceCertificate refused =
                InterfaceCertificate.newBuilder(
                                MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", 3, 0.5))
                        .setFindings(null)
                        .build();
        return new SpecificRecord[] {
            MadeRecords.sketch("gpt", "h.0", 0, 3, 1.4),
            refused,
            // Once more, as after a monitor that began again.
            MadeRecords.scores("gpt", "r2", "c1", 2, 0.002),
            MadeRecords.scores("gpt", "r4", "c1", 4, 0.001),
            MadeRecords.exceedances("gpt", 2, 100, 1),
            MadeAlerts.drift("0aa2", AlertTransition.RESOLVED, 7),
            MadeAlerts.attack("77b0", "c3", AlertTransition.RAISED, 8),
        };
    }

    @Test
    void aRestartedConsoleSaysWhatOneSaysThatWentOn() throws Exception {
        Memory steady = new Memory();
        Memory before = new Memory();
        before.open(folder);
        steady.accept(first());
        before.accept(first());
        before.commit();
        before.store.close();
        Memory after = new Memory();
        after.open(folder);
        assertEquals(first().length, after.offset);
        assertEquals(steady.said(), after.said());
        steady.accept(more());
        after.accept(more());
        assertEquals(steady.said(), after.said());
        after.commit();
        after.store.close();
        Memory third = new Memory();
        third.open(folder);
        assertEquals(steady.said(), third.said());
        third.store.close();
    }

    /** What was taken after the last commit is taken again, once. */
    @Test
    void afterAKillNothingIsMissingOrTwice() throws Exception {
        Memory steady = new Memory();
        Memory killed = new Memory();
        killed.open(folder);
        steady.accept(first());
        killed.accept(first());
        killed.commit();
        killed.accept(more());
        killed.store.close();
        Memory after = new Memory();
        after.open(folder);
        steady.accept(more());
        after.accept(more());
        assertEquals(steady.said(), after.said());
        after.store.close();
    }

    @Test
    void whereTheTopicsWereMadeAnewItBeginsAnew() throws Exception {
        Memory before = new Memory();
        before.open(folder);
        before.accept(first());
        before.commit();
        before.store.close();
        Memory after = new Memory();
        after.store = ConsoleStore.open(folder, "cluster", "spectrawatch.", ROOM);
        assertEquals(Map.of(), after.store.restore(after.history, after.book, Map.of(TOPIC, 3L)));
        assertEquals(0, after.book.standing());
        assertEquals(Integer.valueOf(0), after.history.read(Map::size));
        after.store.close();
    }

    /** Timings are told, not judged: they are this machine's. */
    @Test
    void aYearOfAlertsAndAThousandLayersComeBackAtOnce() throws Exception {
        Memory before = new Memory();
        before.open(folder);
        LargeConsole.fill(before::accept);
        for (int pane = 2; pane <= 400; pane++) {
            before.accept(MadeRecords.sketch("gpt", "layers.0", 0, pane, 1.2));
        }
        long start = System.nanoTime();
        before.commit();
        double commit = (System.nanoTime() - start) / 1e6;
        before.store.close();
        Memory after = new Memory();
        start = System.nanoTime();
        after.open(folder);
        System.out.printf(
                Locale.ROOT,
                "10,000 alerts, 1,000 layers and their interfaces: %d kB, written in %.0f ms, read"
                        + " in %.0f ms%n",
                Files.size(folder.resolve("history")) / 1000,
                commit,
                (System.nanoTime() - start) / 1e6);
        assertEquals(LargeConsole.ALERTS, after.book.standing());
        ModelApi models = new ModelApi(after.history, after.book);
        assertEquals(LargeConsole.LAYERS, models.model(MODEL).get("layerList").size());
        after.store.close();
    }

    /**
     * What {@link #first} left as the first release with a store wrote it. To make one of a later
     * version: {@code -Dspectrawatch.golden.write=FILE}.
     */
    @Test
    void theBytesOfTheFirstVersionStayReadable() throws Exception {
        String file = System.getProperty("spectrawatch.golden.write");
        if (file != null) {
            Memory written = new Memory();
            written.open(folder.resolve("new"));
            written.accept(first());
            written.commit();
            written.store.close();
            Files.copy(folder.resolve("new").resolve("history"), Path.of(file));
        }
        try (InputStream in = ConsoleStoreTest.class.getResourceAsStream("/console/store-1.bin")) {
            Files.copy(in, folder.resolve("history"));
        }
        Memory read = new Memory();
        read.open(folder);
        JsonNode said = read.said();
        assertEquals(first().length, read.offset);
        assertEquals(2, said.at("/layer/history/time").size());
        assertEquals(64, said.at("/layer/spectrum/all").intValue());
        assertEquals(1, said.at("/interface/history/time").size());
        assertEquals(96, said.at("/interface/newest/findings/columns").intValue());
        assertEquals(2, said.at("/samples/samples").intValue());
        assertEquals("r2", said.at("/samples/latest/0/sampleId").textValue());
        assertEquals(3, said.at("/samples/exceedances/exceedances/0").intValue());
        assertEquals(6, said.get("offset").intValue());
        assertEquals(1, read.book.standing());
        assertEquals(1, read.book.precision().rows().get(0).trueAlarms());
        read.store.close();
    }
}
