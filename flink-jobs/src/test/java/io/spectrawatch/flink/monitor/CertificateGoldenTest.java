package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FakeMapState;
import io.spectrawatch.flink.log.FormContract;
import io.spectrawatch.flink.log.SegmentPieces.Piece;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.shard.OpenModel;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The two state entries of a model's pane that has a baseline: golden files of the released
 * version, read, continued, and refused where they are of another. {@code
 * -Dspectrawatch.golden=DIR} writes the files of this version to a folder.
 */
class CertificateGoldenTest {

    private static final MemoryCost SHARE = new MemoryCost(1 << 20, 1 << 20);

    private static final SubtaskKernels TOOLS =
            Harnesses.tools(Harnesses.config(1, "block.rows=4"));
    private static final ModelBaseline BASELINE =
            TinyBaseline.of(TestLog.MODEL, TestLog.VERSION, TestLog.DIGEST);
    private static final ModelInput INPUT =
            ModelInput.start(
                            new Pane(0, TestLog.PANE),
                            new ModelKey(TestLog.MODEL, TestLog.VERSION, TestLog.DIGEST))
                    .withBaseline(MemoryBaselines.add(BASELINE));
    private static final Map<String, String> FILES =
            Map.of("certificate/", "certificate-pane-1", "interface/", "interface-pane-1");

    @AfterAll
    static void close() {
        TOOLS.close();
    }

    private static ActivationSnapshot snapshot(int rows) {
        float[] x = new float[rows * 2];
        float[] y = new float[rows * 3];
        for (int i = 0; i < rows; i++) {
            x[2 * i] = i - 2;
            x[2 * i + 1] = i % 3;
            y[3 * i] = 2 * i;
            y[3 * i + 2] = 1 - i;
        }
        Layer a = TestLog.layer("a", 0, 2, x);
        Layer b = TestLog.layer("b", 1, 3, y);
        return TestLog.snapshot(1, TestLog.DIGEST, List.of(a, b));
    }

    private static Piece piece(int rows) {
        return Piece.whole(snapshot(rows));
    }

    private static OpenModel pane() throws InterruptedException {
        OpenModel pane = OpenModel.open(INPUT, 0, SHARE, TOOLS);
        pane.append(piece(6), INPUT, List.of(), false);
        return pane;
    }

    private static FakeMapState stored(OpenModel pane) throws Exception {
        FakeMapState entries = new FakeMapState();
        pane.store(new ChunkedState(entries));
        return entries;
    }

    /** The entries under test by the golden file that holds them; chunk headers are left out. */
    private static TreeMap<String, byte[]> own(FakeMapState state) throws Exception {
        TreeMap<String, byte[]> own = new TreeMap<>();
        ChunkedState values = new ChunkedState(state);
        for (String name : values.names()) {
            String file = FILES.get(name.substring(0, name.indexOf('/') + 1));
            if (file != null) {
                own.put(file, values.get(name));
            }
        }
        return own;
    }

    @Test
    void theGoldenFilesAreWhatIsWritten() throws Exception {
        try (OpenModel pane = pane()) {
            TreeMap<String, byte[]> written = own(stored(pane));
            assertEquals(2, written.size());
            for (Map.Entry<String, byte[]> entry : written.entrySet()) {
                assertEquals(
                        FormContract.golden(entry.getKey(), entry.getValue()),
                        HexFormat.of().formatHex(entry.getValue()),
                        entry.getKey());
            }
        }
    }

    @Test
    void aRestoredPaneGoesOnAsIfNothingHadHappened() throws Exception {
        try (OpenModel pane = pane();
                OpenModel restored = restored(stored(pane))) {
            pane.append(piece(5), INPUT, List.of(), false);
            restored.append(piece(5), INPUT, List.of(), false);
            assertEquals(hex(stored(pane)), hex(stored(restored)));
        }
    }

    private static Map<String, String> hex(FakeMapState state) throws Exception {
        Map<String, String> hex = new TreeMap<>();
        own(state).forEach((name, bytes) -> hex.put(name, HexFormat.of().formatHex(bytes)));
        return hex;
    }

    private static OpenModel restored(FakeMapState state) throws Exception {
        ChunkedState values = new ChunkedState(state);
        return OpenModel.restore(INPUT, 0, SHARE, values, new TreeSet<>(values.names()), TOOLS);
    }

    @Test
    void otherVersionsAndMissingEntriesAreRefused() throws Exception {
        for (String prefix : FILES.keySet()) {
            assertRefused("known version 1, found 2", changed(prefix, 7, (byte) 2));
            assertRefused("expected magic", changed(prefix, 0, (byte) 0));
        }
        try (OpenModel pane = pane()) {
            FakeMapState without = stored(pane);
            without.entries.keySet().removeIf(name -> name.startsWith("certificate/"));
            assertRefused("is missing", without);
        }
    }

    /** A pane's state with one byte of one entry changed. */
    private static FakeMapState changed(String prefix, int at, byte value) throws Exception {
        try (OpenModel pane = pane()) {
            FakeMapState state = stored(pane);
            ChunkedState values = new ChunkedState(state);
            for (String name : values.names()) {
                if (name.startsWith(prefix)) {
                    byte[] bytes = values.get(name);
                    bytes[at] = value;
                    values.put(name, bytes);
                }
            }
            return state;
        }
    }

    private static void assertRefused(String part, FakeMapState state) {
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> restored(state).close());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void bytesAreFresh() throws Exception {
        try (OpenModel pane = pane()) {
            FakeMapState state = stored(pane);
            Map<String, byte[]> held = new TreeMap<>(state.entries);
            Map<String, byte[]> copies = new TreeMap<>();
            held.forEach((name, bytes) -> copies.put(name, bytes.clone()));
            pane.append(piece(9), INPUT, List.of(), false);
            pane.store(new ChunkedState(state));
            held.forEach((name, bytes) -> assertTrue(Arrays.equals(copies.get(name), bytes), name));
        }
    }
}
