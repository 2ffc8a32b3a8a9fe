package io.spectrawatch.ingest.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.check.CaptureWindow;
import io.spectrawatch.ingest.model.KnownModel.KnownLayer;
import io.spectrawatch.ingest.state.ShardState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the changelogs hold: layouts pinned by golden files, and refused when they are not ours. */
public class StateTest {

    private static final ShardState STATE = new ShardState(1, 2, 3, 4, 5, 6, 7, 8);

    @Test
    void theLayoutsAreThoseOfTheGoldenFiles() throws IOException {
        assertArrayEquals(golden("ShardState-2.bin"), STATE.toBytes());
        assertArrayEquals(golden("CaptureWindow-2.bin"), window().toBytes());
        assertArrayEquals(golden("KnownModel-2.bin"), model().toBytes());
    }

    @Test
    void theGoldenFilesAreRead() throws IOException {
        assertEquals(STATE, ShardState.fromBytes(golden("ShardState-2.bin")));
        ShardState uncounted = ShardState.fromBytes(golden("ShardState-1.bin"));
        assertEquals(new ShardState(1, 2, 3, 4, 5, 6, -1, -1), uncounted);
        assertFalse(uncounted.withOneMoreRefused().withOneMoreLate().counts());

        CaptureWindow first = CaptureWindow.fromBytes(golden("CaptureWindow-1.bin"), 128);
        assertEquals(77, first.lastOffset());
        assertTrue(first.contains(200));
        assertEquals(4, first.accept(205, 78), "201 to 204: the highest is taken for seen");

        CaptureWindow window = CaptureWindow.fromBytes(golden("CaptureWindow-2.bin"), 128);
        assertEquals(77, window.lastOffset());
        assertTrue(window.contains(200));
        assertEquals(1, window.accept(205, 78), "204 after 203, which was refused");

        KnownModel model = KnownModel.fromBytes(golden("KnownModel-2.bin"));
        assertEquals(9, model.ordinal());
        assertEquals("abc", model.digest());
        assertEquals(model().layers(), model.layers());
        KnownModel untapped = KnownModel.fromBytes(golden("KnownModel-1.bin"));
        assertEquals(9, untapped.ordinal());
        assertEquals("abc", untapped.digest());
        assertEquals(
                Map.of(
                        "h.0", new KnownLayer(0, "HIDDEN", 384, null),
                        "out", new KnownLayer(1, "EMBEDDING", 7, null)),
                untapped.layers());
    }

    @Test
    void otherVersionsAndCutBytesAreRefused() throws IOException {
        assertStrict("ShardState-1.bin", ShardState::fromBytes);
        assertStrict("ShardState-2.bin", ShardState::fromBytes);
        assertStrict("KnownModel-1.bin", KnownModel::fromBytes);
        assertStrict("KnownModel-2.bin", KnownModel::fromBytes);
        assertStrict("CaptureWindow-1.bin", bytes -> CaptureWindow.fromBytes(bytes, 128));
        assertStrict("CaptureWindow-2.bin", bytes -> CaptureWindow.fromBytes(bytes, 128));
    }

    private static void assertStrict(String file, Function<byte[], Object> read)
            throws IOException {
        byte[] bytes = golden(file);
        byte[] newer = bytes.clone();
        newer[0] = 3;
        byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        for (byte[] bad : List.of(newer, cut, longer, new byte[0])) {
            assertThrows(IllegalStateException.class, () -> read.apply(bad), file);
        }
    }

    private static CaptureWindow window() {
        CaptureWindow window = CaptureWindow.startingAt(130, 128);
        window.accept(130, 70);
        window.accept(200, 76);
        window.accept(190, 77);
        window.refuse(203);
        return window;
    }

    private static KnownModel model() {
        KnownModel model = new KnownModel(9, "abc");
        model.layers().put("h.0", new KnownLayer(0, "HIDDEN", 384, "mlp-output"));
        model.layers().put("out", new KnownLayer(1, "EMBEDDING", 7, null));
        return model;
    }

    public static byte[] golden(String file) throws IOException {
        try (InputStream in = StateTest.class.getResourceAsStream("/golden/" + file)) {
            return in.readAllBytes();
        }
    }
}
