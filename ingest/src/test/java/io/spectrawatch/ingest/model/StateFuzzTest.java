package io.spectrawatch.ingest.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.check.CaptureWindow;
import io.spectrawatch.ingest.model.KnownModel.KnownLayer;
import io.spectrawatch.ingest.state.ShardState;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged changelog entries: refused, or read as something that works and writes itself again. */
class StateFuzzTest {

    private static final int CASES = 20_000;
    private static final int WINDOW = 128;

    /** A layer takes 13 bytes in the changelog, and a map entry with a record and two texts. */
    private static final long FACTOR = 64;

    private record Read<T>(byte[] bytes, T value) {}

    private static <T> Fuzz<Read<T>> fuzz(
            String name, Fuzz.Reader<T> reader, java.util.function.Consumer<Read<T>> check) {
        return new Fuzz<>(
                name,
                StateFuzzTest.class,
                bytes -> new Read<>(bytes, reader.read(bytes)),
                Set.of(IllegalStateException.class),
                check,
                FACTOR);
    }

    @Test
    void shardStates() {
        fuzz(
                        "shard-state",
                        ShardState::fromBytes,
                        read -> assertArrayEquals(read.bytes(), read.value().toBytes()))
                .run(
                        List.of(
                                ShardState.fresh(60).toBytes(),
                                new ShardState(9, 2, 3, 4, 5, 6, 7, 8).toBytes()),
                        CASES);
    }

    @Test
    void captureWindows() {
        CaptureWindow window = CaptureWindow.startingAt(5, WINDOW);
        window.accept(5, 70);
        window.accept(200, 77);
        fuzz(
                        "capture-window",
                        bytes -> CaptureWindow.fromBytes(bytes, WINDOW),
                        StateFuzzTest::checkWindow)
                .run(List.of(window.toBytes()), CASES);
    }

    private static void checkWindow(Read<CaptureWindow> read) {
        CaptureWindow window = read.value();
        if (read.bytes().length == window.toBytes().length) {
            assertArrayEquals(read.bytes(), window.toBytes());
        }
        assertTrue(window.lastOffset() >= 0, "last offset " + window.lastOffset());
        if (!window.contains(Long.MAX_VALUE)) {
            window.accept(Long.MAX_VALUE, window.lastOffset() + 1);
            assertTrue(window.contains(Long.MAX_VALUE), "what was accepted");
        }
    }

    @Test
    void knownModels() {
        KnownModel model = new KnownModel(9, "abc");
        model.layers().put("h.0", new KnownLayer(0, "HIDDEN", 4, "mlp-output"));
        model.layers().put("h.1", new KnownLayer(1, "LOGITS", 2, null));
        fuzz(
                        "known-model",
                        KnownModel::fromBytes,
                        read ->
                                assertTrue(
                                        read.value().layers().values().stream()
                                                .allMatch(l -> l.index() >= 0 && l.columns() > 0),
                                        read.value().toString()))
                .run(List.of(model.toBytes()), CASES);
    }
}
