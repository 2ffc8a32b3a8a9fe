package io.spectrawatch.ingest.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records that the Python tap wrote. {@code ingest/python/tests/golden.py} makes them, and a test
 * beside it proves that it still does.
 */
class SnapshotOfPythonTest {

    private final SnapshotValidator validator =
            new SnapshotValidator(IngestConfig.fromMap(Map.of()));

    @ParameterizedTest
    @ValueSource(strings = {"listed.bin", "ranged.bin", "closing.bin"})
    void isAcceptedAndWrittenTheSameByJava(String file) throws Exception {
        byte[] value = read(file);
        ActivationSnapshot snapshot =
                validator.validate("host-1-0".getBytes(StandardCharsets.UTF_8), value);

        assertArrayEquals(value, Wire.encode(snapshot));
    }

    @Test
    void listsTheSampleOfEachRow() throws IOException {
        ActivationSnapshot snapshot = decode("listed.bin");
        Layer embeddings = snapshot.getLayers().get(0);
        Sample third = snapshot.getSamples().get(2);

        assertEquals(List.of(0, 0, 0, 0, 2, 2), embeddings.getRowSample());
        assertEquals(LayerRole.EMBEDDING, embeddings.getRole());
        assertEquals(
                -1f, embeddings.getData().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(0));
        assertNull(snapshot.getLayers().get(1).getRowSample());
        assertEquals(ElementType.FLOAT16, snapshot.getLayers().get(1).getElementType());
        assertEquals(Map.of("a", "1", "b", "2"), snapshot.getSamples().get(0).getAttributes());
        assertEquals(10.0, snapshot.getSamples().get(1).getSamplingWeight());
        assertEquals("r-ü", third.getId());
        assertEquals("a".repeat(32), third.getTraceId());
        assertEquals("s", third.getSession());
    }

    @Test
    void saysTheRowsOfParts() throws IOException {
        ActivationSnapshot snapshot = decode("ranged.bin");
        Sample part = snapshot.getSamples().get(0);
        ActivationSnapshot closing = decode("closing.bin");

        assertEquals(
                List.of(
                        new RowRange(300L, 3, Phase.PROMPT),
                        new RowRange(303L, 2, Phase.GENERATED)),
                part.getRows());
        assertEquals(3, part.getPart());
        assertFalse(part.getLast());
        assertEquals("out", snapshot.getLayers().get(0).getTap());
        assertTrue(snapshot.getLayers().get(1).getPerSample());
        assertTrue(closing.getSamples().get(0).getLast());
        assertEquals(List.of(), closing.getSamples().get(0).getRows());
        assertEquals(0, closing.getLayers().get(0).getRows());
    }

    private static ActivationSnapshot decode(String file) throws IOException {
        return Wire.decode(read(file), ActivationSnapshot.class);
    }

    private static byte[] read(String file) throws IOException {
        try (InputStream in = SnapshotOfPythonTest.class.getResourceAsStream("/python/" + file)) {
            assertNotNull(in, file);
            return in.readAllBytes();
        }
    }
}
