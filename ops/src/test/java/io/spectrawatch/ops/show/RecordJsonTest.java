package io.spectrawatch.ops.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records as JSON. */
class RecordJsonTest {

    private static ActivationSnapshot snapshot(float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        Layer layer =
                new Layer(
                        "h.0",
                        0,
                        LayerRole.HIDDEN,
                        1,
                        values.length,
                        ElementType.FLOAT32,
                        null,
                        data.flip(),
                        null,
                        false);
        return new ActivationSnapshot(
                "m",
                "1",
                "ab12",
                "host-1-0",
                7L,
                1L,
                List.of(WholeSample.of("r1", null, null, 1.0)),
                List.of(layer));
    }

    @Test
    void fieldsHaveTheirNamesAndShortBytesAreHex() {
        JsonNode tick =
                new RecordJson(false).decoded(Wire.encode(new Tick(1L, 2L, 3L, 0, 4, 17L, 5L, 3L)));
        assertEquals("Tick", tick.get("type").asText());

        JsonNode alert =
                new RecordJson(false).tree(MadeAlerts.drift("a", AlertTransition.RAISED, 1));
        assertEquals("RAISED", alert.get("transition").asText());
        assertTrue(alert.get("segment").isNull());
        assertEquals(
                "0".repeat(64), alert.get("manifest").get("shards").get(0).get("chain").asText());
    }

    @Test
    void activationsAreToldByWhatTheyAre() {
        JsonNode data =
                new RecordJson(false)
                        .tree(snapshot(3, 4, Float.NaN))
                        .get("layers")
                        .get(0)
                        .get("data");
        assertEquals(12, data.get("bytes").asInt());
        assertEquals(3, data.get("values").asInt());
        assertEquals(1, data.get("notFinite").asInt());
        assertEquals(3.5, data.get("mean").asDouble());
        assertEquals(4, data.get("greatest").asDouble());
        assertEquals(StrictMath.sqrt(12.5), data.get("rootMeanSquare").asDouble());

        float[] many = new float[10_000];
        many[9_999] = -2;
        JsonNode longer =
                new RecordJson(false).tree(snapshot(many)).get("layers").get(0).get("data");
        assertEquals(-2, longer.get("least").asDouble());
    }

    @Test
    void withDataTheyAreThere() {
        float[] many = new float[100];
        JsonNode data = new RecordJson(true).tree(snapshot(many)).get("layers").get(0).get("data");
        assertEquals(400, Base64.getDecoder().decode(data.asText()).length);
    }

    @Test
    void aLateSnapshotIsDecodedWithinItsRecord() {
        byte[] inner = Wire.encode(snapshot(1, 2));
        JsonNode late = new RecordJson(false).tree(new LateSnapshot(5L, ByteBuffer.wrap(inner)));
        assertEquals("ActivationSnapshot", late.get("snapshot").get("type").asText());

        JsonNode broken =
                new RecordJson(false)
                        .tree(new LateSnapshot(5L, ByteBuffer.wrap(new byte[] {1, 2})));
        assertEquals(2, broken.get("snapshot").get("bytes").asInt());
        assertTrue(broken.get("snapshot").has("undecodable"));
    }

    @Test
    void whatIsNoRecordIsSaidToBeNone() {
        assertThrows(WireException.class, () -> new RecordJson(false).decoded(new byte[3]));
        TopicDump dump = new TopicDump(new RecordJson(false), 1);
        assertEquals(3, dump.value(new byte[3]).get("bytes").asInt());
        assertEquals(1, dump.undecodable());
        assertTrue(dump.value(null).get("value").isNull());
        assertFalse(dump.value(Wire.encode(snapshot(1))).has("undecodable"));
        assertEquals(1, dump.undecodable());
    }
}
