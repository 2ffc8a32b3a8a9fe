package io.spectrawatch.flink.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.ModelChunk;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.schemas.WeightTensor;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.input.Head;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A head's bytes and its entry: what comes back, and what is refused. */
class HeadFormatTest {

    private static final ModelKey MODEL = new ModelKey("m/1", "2", "ab");
    private static final float[] WEIGHTS = {1, 2, 3, 4, 5, 6};
    private static final float[] BIAS = {-1, 0.5f, 7};

    private final byte[] blob = HeadFormat.blob(WEIGHTS, BIAS);
    private final ModelEntry entry = HeadFormat.entry(MODEL, blob, 3, 2);

    @Test
    void comesBackAsItWas() throws Exception {
        assertEquals(36, blob.length);
        Head head = HeadFormat.head(entry, blob);
        assertEquals(2, head.dimension());
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, head.weights());
        assertArrayEquals(new double[] {-1, 0.5, 7}, head.bias());
        assertEquals("m%2F1/2/entry", HeadFormat.entryKey("m/1", "2"));
    }

    @Test
    void otherTensorsAndSizesAreRefused() {
        WeightTensor weight = entry.getTensors().get(0);
        WeightTensor bias = entry.getTensors().get(1);
        for (List<WeightTensor> tensors :
                List.of(
                        List.<WeightTensor>of(),
                        List.of(weight),
                        List.of(bias, weight),
                        List.of(new WeightTensor("head.weight", 2, 3), bias),
                        List.of(new WeightTensor("head.weight", -3, -2), bias),
                        List.of(new WeightTensor("head.weight", 3, 1 << 30), bias),
                        List.of(weight, new WeightTensor("head.bias", 3, 1)),
                        List.of(weight, bias, bias))) {
            ModelEntry other = ModelEntry.newBuilder(entry).setTensors(tensors).build();
            refused(Reason.CORRUPT, "36 bytes expected", () -> HeadFormat.head(other, blob));
        }
        refused(Reason.CORRUPT, "32 bytes", () -> HeadFormat.head(entry, new byte[32]));
    }

    @Test
    void whatIsNoNumberIsRefused() {
        byte[] bad = HeadFormat.blob(new float[] {1, 2, Float.NaN, 4, 5, 6}, BIAS);
        refused(
                Reason.CORRUPT,
                "the head of m/1 2: finite weights expected, found NaN",
                () -> HeadFormat.head(entry, bad));
    }

    @Test
    void theHeadOfAnotherFileIsRefused() throws Exception {
        byte[] value = Wire.encode(entry);
        assertEquals(entry, KafkaHeads.checked(value, "k", MODEL));
        refused(
                Reason.CORRUPT,
                "is that of m/1 2 with digest ab, the snapshots are of m/1 2 with digest cd",
                () -> KafkaHeads.checked(value, "k", new ModelKey("m/1", "2", "cd")));
        byte[] chunk = Wire.encode(new ModelChunk("d", 0, 1, ByteBuffer.allocate(0)));
        refused(
                Reason.UNREADABLE,
                "expected a ModelEntry, found a ModelChunk",
                () -> KafkaHeads.checked(chunk, "k", MODEL));
    }

    private static void refused(Reason reason, String part, Executable action) {
        BlobException e = assertThrows(BlobException.class, action);
        assertEquals(reason, e.reason());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
