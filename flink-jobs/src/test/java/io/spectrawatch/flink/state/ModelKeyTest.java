package io.spectrawatch.flink.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteOrder;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ModelKeyTest {

    private static final ModelKey MODEL = new ModelKey("m/1", "2", "ab");
    private static final ModelKey SEGMENT = MODEL.in("route=/chat");

    private static byte[] bytes(ModelKey key) {
        return key.write(new ByteWriter(ByteOrder.BIG_ENDIAN, 64)).toBytes();
    }

    private static ModelKey read(byte[] bytes) {
        ByteReader in =
                new ByteReader(bytes, ByteOrder.BIG_ENDIAN, "key", IllegalStateException::new);
        ModelKey key = ModelKey.read(in);
        in.end();
        return key;
    }

    /** Release 0.1 wrote these three texts. */
    @Test
    void withoutASegmentTheFormIsThatOfBefore() {
        byte[] three =
                new ByteWriter(ByteOrder.BIG_ENDIAN, 64).text("m/1").text("2").text("ab").toBytes();
        assertArrayEquals(three, bytes(MODEL));
        assertEquals(MODEL, read(three));
        assertEquals("m%2F1/2/ab", MODEL.stateKey());
        assertEquals("m%2F1/2/layer%2F3", MODEL.topicKey("layer/3"));
        assertEquals("m%2F1/2", MODEL.topicKey());
    }

    @Test
    void aSegmentComesBack() {
        assertEquals(SEGMENT, read(bytes(SEGMENT)));
        assertEquals("m%2F1/2/ab%inroute=%2Fchat", SEGMENT.stateKey());
        assertEquals("m%2F1/2%inroute=%2Fchat", SEGMENT.topicKey());
        byte[] nameless =
                new ByteWriter(ByteOrder.BIG_ENDIAN, 64)
                        .text(null)
                        .text("a=b")
                        .text(null)
                        .text("2")
                        .text("ab")
                        .toBytes();
        assertThrows(IllegalStateException.class, () -> read(nameless));
    }

    @Test
    void theRestOfAModelComesBeforeItsSegments() {
        ModelKey later = new ModelKey("m/1", "2", "ac");
        TreeSet<ModelKey> order = new TreeSet<>(List.of(later, SEGMENT, MODEL.in("a=b"), MODEL));
        assertEquals(List.of(MODEL, MODEL.in("a=b"), SEGMENT, later), List.copyOf(order));
        assertTrue(SEGMENT.isOf("m/1", "2"));
        assertEquals("m/1 version 2, segment route=/chat", SEGMENT.describe());
    }
}
