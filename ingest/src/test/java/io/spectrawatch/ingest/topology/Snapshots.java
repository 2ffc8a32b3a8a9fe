package io.spectrawatch.ingest.topology;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small snapshots that are valid but for what a test changes. */
public final class Snapshots {

    public static final String CAPTURE = "host-1";
    public static final String DIGEST = "0123456789abcdef".repeat(4);

    private Snapshots() {}

    /** Two samples; a layer of three token rows and one of two pooled rows, two columns each. */
    public static ActivationSnapshot.Builder valid() {
        return ActivationSnapshot.newBuilder()
                .setModelId("m")
                .setModelVersion("1")
                .setModelDigest(DIGEST)
                .setCaptureId(CAPTURE)
                .setSequence(0)
                .setCapturedAt(0)
                .setSamples(List.of(sample("a"), sample("b")))
                .setLayers(List.of(tokens().build(), pooled().build()));
    }

    public static Sample sample(String id) {
        return WholeSample.of(id, null, null, 1.0);
    }

    public static Layer.Builder tokens() {
        return Layer.newBuilder()
                .setName("tokens")
                .setIndex(0)
                .setRole(LayerRole.HIDDEN)
                .setRows(3)
                .setColumns(2)
                .setElementType(ElementType.FLOAT32)
                .setRowSample(List.of(0, 0, 1))
                .setData(floats(1, 2, 3, 4, 5, 6));
    }

    public static Layer.Builder pooled() {
        return Layer.newBuilder()
                .setName("pooled")
                .setIndex(1)
                .setRole(LayerRole.EMBEDDING)
                .setRows(2)
                .setColumns(2)
                .setElementType(ElementType.FLOAT32)
                .setRowSample(null)
                .setData(floats(1, 2, 3, 4));
    }

    public static ByteBuffer floats(float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return data.flip();
    }

    public static byte[] bytes(ActivationSnapshot.Builder snapshot) {
        return Wire.encode(snapshot.build());
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
